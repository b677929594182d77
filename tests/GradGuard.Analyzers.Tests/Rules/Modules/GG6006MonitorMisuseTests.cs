using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Modules;

namespace GradGuard.Analyzers.Tests.Rules.Modules;

public class GG6006MonitorMisuseTests() : OneRuleTests("GG6006")
{
    private const string Loss = "var loss = functional.cross_entropy(model.call(x), y);";

    [Theory]
    [InlineData("{|GG6006:GradGuard.Monitor.GradientMonitor.Attach(model)|};")]
    [InlineData("using var monitor = {|GG6006:GradGuard.Monitor.GradientMonitor.Attach(model)|};")]
    [InlineData("var monitor = {|GG6006:GradGuard.Monitor.GradientMonitor.Attach(model)|}; monitor.AlertRaised += (_, alert) => Console.WriteLine(alert);")]
    [InlineData("using ({|GG6006:GradGuard.Monitor.GradientMonitor.Attach(model)|}) optimizer.step();")]
    [InlineData("var monitor = {|GG6006:GradGuard.Monitor.GradientMonitor.Attach(model)|}; monitor.Complete(); Console.WriteLine(monitor.Alerts.Count);")]
    public Task ForAMonitorThatNeverObserves_Triggers(string line) => FindsInMethodAsync(line);

    [Theory]
    [InlineData("var monitor = {|GG6006:GradGuard.Monitor.GradientMonitor.Attach(model)|};")]
    [InlineData("GradGuard.Monitor.GradientMonitor monitor; monitor = {|GG6006:GradGuard.Monitor.GradientMonitor.Attach(model)|};")]
    public Task ForAMonitorThatNobodyDisposes_Triggers(string attach) => FindsInMethodAsync(Loop("monitor.Observe(loss); optimizer.step();", attach));

    [Theory]
    [InlineData("optimizer.step(); {|GG6006:monitor.Observe(loss)|};")]
    [InlineData("optimizer.step(); optimizer.zero_grad(); {|GG6006:monitor.Observe(loss)|};")]
    [InlineData("torch.nn.utils.clip_grad_norm_(model.parameters(), 1); optimizer.step(); monitor?{|GG6006:.Observe(loss)|};")]
    [InlineData("foreach (var p in model.parameters()) p.grad /= 1024; optimizer.step(); if (x.shape[0] > 8) {|GG6006:monitor.Observe(loss)|};")]
    [InlineData("{|GG6006:monitor.Observe(loss)|}; foreach (var p in model.parameters()) p.grad.div_(1024); optimizer.step();")]
    [InlineData("{|GG6006:monitor.Observe(loss)|}; foreach (var p in model.parameters()) p.grad.mul_(1.0 / 1024); torch.nn.utils.clip_grad_norm_(model.parameters(), 1); optimizer.step();")]
    public Task ForAMonitorThatObservesAtTheWrongTime_Triggers(string end) => FindsInMethodAsync(Loop(end));

    [Fact]
    public Task BeforeBackward_Triggers() => FindsInMethodAsync(
        $$"""
        using var monitor = GradGuard.Monitor.GradientMonitor.Attach(model);
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            {{Loss}}
            {|GG6006:monitor.Observe(loss)|};
            loss.backward();
            optimizer.step();
        }
        """);

    [Fact]
    public Task InAMethodOfItsOwn_Triggers() => FindsAsync(
        """
        class Trainer
        {
            private readonly GradGuard.Monitor.GradientMonitor monitor;
            public Trainer(GradGuard.Monitor.GradientMonitor monitor) => this.monitor = monitor;

            public void Train(IList<(Tensor x, Tensor y)> batches, Linear model)
            {
                var optimizer = optim.SGD(model.parameters(), 0.1);
                foreach (var (x, y) in batches)
                {
                    optimizer.zero_grad();
                    var loss = functional.mse_loss(model.call(x), y);
                    loss.backward();
                    optimizer.step();
                    Log(loss);
                }
            }

            private void Log(Tensor loss) => {|GG6006:monitor.Observe(loss)|};
        }
        """);

    [Theory]
    [InlineData("monitor.Observe(loss); optimizer.step();")]
    [InlineData("torch.nn.utils.clip_grad_norm_(model.parameters(), 1); monitor.Observe(loss); optimizer.step();")]
    [InlineData("monitor.Observe(loss); torch.nn.utils.clip_grad_norm_(model.parameters(), 1); optimizer.step();")]
    [InlineData("foreach (var p in model.parameters()) p.grad.div_(1024); monitor.Observe(loss); optimizer.step();")]
    [InlineData("monitor.Observe(loss); optimizer.step(); if (monitor.StopRequested) break;")]
    [InlineData("if (x.shape[0] > 8) { monitor.Observe(loss); optimizer.step(); optimizer.zero_grad(); }")]
    [InlineData("var second = optim.Adam(other.parameters()); optimizer.step(); other.call(x).mean().backward(); monitor.Observe(loss); second.step();")]
    public Task ForAMonitorThatObservesBeforeStep_DoesNotTrigger(string end) => FindsInMethodAsync(Loop(end));

    [Theory]
    [InlineData("var monitor = GradGuard.Monitor.GradientMonitor.Attach(model); try { monitor.Observe(batches[0].x); } finally { monitor.Dispose(); }")]
    [InlineData("var monitor = GradGuard.Monitor.GradientMonitor.Attach(model); monitor.Observe(batches[0].x); monitor.Complete();")]
    [InlineData("GradGuard.Monitor.GradientMonitor? monitor = null; if (batches.Count > 0) monitor = GradGuard.Monitor.GradientMonitor.Attach(model); monitor?.Observe(batches[0].x); monitor?.Dispose();")]
    [InlineData("using var monitor = batches.Count > 0 ? GradGuard.Monitor.GradientMonitor.Attach(model) : null;")]
    [InlineData("var monitor = GradGuard.Monitor.GradientMonitor.Attach(model); Console.WriteLine(monitor);")]
    [InlineData("var monitor = GradGuard.Monitor.GradientMonitor.Attach(model); Action<Tensor> observe = monitor.Observe; observe(batches[0].x);")]
    [InlineData("var monitors = new[] { GradGuard.Monitor.GradientMonitor.Attach(model) };")]
    public Task ForAMonitorThatIsEnded_OrGoesElsewhere_DoesNotTrigger(string lines) => FindsInMethodAsync(lines);

    [Fact]
    public Task ForAMonitorInAField_OrReturned_DoesNotTrigger() => FindsAsync(
        """
        class Watch(Linear model)
        {
            private readonly GradGuard.Monitor.GradientMonitor field = GradGuard.Monitor.GradientMonitor.Attach(model);
            public GradGuard.Monitor.GradientMonitor Start() => GradGuard.Monitor.GradientMonitor.Attach(model);
            public GradGuard.Monitor.GradientMonitor Field => field;
        }
        """);

    [Fact]
    public Task ForAStepWithAClosure_DoesNotTrigger() => FindsInMethodAsync(
        """
        using var monitor = GradGuard.Monitor.GradientMonitor.Attach(model);
        var lbfgs = optim.LBFGS(model.parameters());
        foreach (var (x, y) in batches)
        {
            var loss = lbfgs.step(() =>
            {
                lbfgs.zero_grad();
                var inner = functional.cross_entropy(model.call(x), y);
                inner.backward();
                return inner;
            });
            monitor.Observe(loss);
        }
        """);

    [Fact]
    public Task ForAMonitorOfAnotherName_DoesNotTrigger() => FindsAsync(
        """
        class GradientMonitor
        {
            public static GradientMonitor Attach(torch.nn.Module model) => new();
            public static void Run(Linear model) => Attach(model);
        }
        """);

    [Fact]
    public Task ForHalfWrittenCode_Triggers_WhereTheOrderIsThere() => FindsInHalfWrittenAsync(
        """
        class Script
        {
            void Run(Linear model, IList<Tensor> batches)
            {
                var monitor = {|GG6006:GradGuard.Monitor.GradientMonitor.Attach(model)|};
                foreach (var x in batches)
                {
                    model.call(x).
        """);

    [Fact]
    public Task Fix_ObservesBeforeTheStep() => FixesInMethodAsync<GG6006MonitorMisuseFix>(
        Loop("optimizer.step();\n    // what was learned\n    {|GG6006:monitor.Observe(loss)|}; // here"),
        Loop("// what was learned\n    monitor.Observe(loss); // here\n    optimizer.step();"));

    [Fact]
    public Task Fix_DisposesTheMonitor() => FixesInMethodAsync<GG6006MonitorMisuseFix>(
        Loop("monitor.Observe(loss); optimizer.step();", "// watches\nvar monitor = {|GG6006:GradGuard.Monitor.GradientMonitor.Attach(model)|}; // all of it"),
        Loop("monitor.Observe(loss); optimizer.step();", "// watches\nusing var monitor = GradGuard.Monitor.GradientMonitor.Attach(model); // all of it"));

    private static string Loop(string end, string attach = "using var monitor = GradGuard.Monitor.GradientMonitor.Attach(model);") =>
        $$"""
        {{attach}}
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            {{Loss}}
            loss.backward();
            {{end}}
        }
        """;
}
