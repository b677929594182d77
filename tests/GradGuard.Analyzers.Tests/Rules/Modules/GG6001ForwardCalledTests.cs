using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Modules;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Tests.Rules.Modules;

public class GG6001ForwardCalledTests() : OneRuleTests("GG6001")
{
    [Theory]
    [InlineData("Console.WriteLine(model.{|GG6001:forward|}(batches[0].x));")]
    [InlineData("var (output, h, c) = LSTM(4, 8).{|GG6001:forward|}(batches[0].x);")]
    [InlineData("Module<Tensor, Tensor> any = model; any?.{|GG6001:forward|}(batches[0].x);")]
    [InlineData("var run = (Tensor x) => Sequential(model, ReLU()).{|GG6001:forward|}(other.{|GG6001:forward|}(x));")]
    public Task ForForwardOfAModule_Triggers(string line) => FindsInMethodAsync(line);

    [Fact]
    public Task ForALayerInsideForward_Triggers() => FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 2);
            public Net() : base("net") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.{|GG6001:forward|}(x);
            public Tensor Predict(Tensor x) => {|GG6001:forward|}(x);
        }
        """);

    [Fact]
    public Task WithHooks_IsAWarning() => Rule.FindsAsync(
        """
        class Probe
        {
            void Run(Linear layer, Tensor x)
            {
                layer.register_forward_hook((module, input, output) => output);
                Console.WriteLine(layer.{|#0:forward|}(x));
            }
        }
        """,
        "GG6001",
        DiagnosticSeverity.Warning);

    [Theory]
    [InlineData("", DiagnosticSeverity.Warning)]
    [InlineData("false", DiagnosticSeverity.Warning)]
    [InlineData("true", DiagnosticSeverity.Info)]
    [InlineData("True", DiagnosticSeverity.Info)]
    public Task WithTheMonitor_IsAWarning_UnlessTheBuildInstruments(string instrument, DiagnosticSeverity severity) =>
        FindsForwardAsync(severity, instrument, [References.Monitor]);

    [Theory]
    [InlineData("")]
    [InlineData("true")]
    public Task WithHooksInAnotherFile_IsAWarning_ThoughTheBuildInstrumentsForTheMonitor(string instrument) =>
        FindsForwardAsync(DiagnosticSeverity.Warning, instrument, [], "class Probe { void Watch(Linear layer) => layer.register_forward_pre_hook((module, input) => input); }");

    [Theory]
    [InlineData("var own = Linear(4, 2); own.register_forward_hook((module, input, output) => output); own.call(x);", DiagnosticSeverity.Info)]
    [InlineData("var own = Linear(4, 2); own = own.to(CPU); own.register_forward_hook((module, input, output) => output);", DiagnosticSeverity.Info)]
    [InlineData("var own = Linear(4, 2); own.register_forward_hook((module, input, output) => output); Hand(own);", DiagnosticSeverity.Warning)]
    [InlineData("foreach (var own in layer.children()) ((Linear)own).register_forward_hook((module, input, output) => output);", DiagnosticSeverity.Warning)]
    [InlineData("layer.register_forward_hook((module, input, output) => output);", DiagnosticSeverity.Warning)]
    public Task WithHooksInAnotherMethod_WhatMayBeTheSameModule_IsAWarning(string code, DiagnosticSeverity severity) => FindsForwardAsync(
        severity, "", [], $"class Probe {{ void Watch(Linear layer, Tensor x) {{ {code} }} void Hand(Linear given) {{ }} }}");

    [Fact]
    public Task WithHooksOnTheModuleOfOneMethod_ThatModuleOnly_IsAWarning() => Rule.FindsAsync(
        """
        class Probe
        {
            void Run(Tensor x)
            {
                var layer = Linear(4, 2);
                layer.register_forward_hook((module, input, output) => output);
                Console.WriteLine(layer.{|#0:forward|}(x));
            }
        }
        """,
        "GG6001",
        DiagnosticSeverity.Warning);

    [Fact]
    public Task WithHooksOnlyInAComment_IsASuggestion() =>
        FindsForwardAsync(DiagnosticSeverity.Info, "", [], "// register_forward_hook would show it\nclass Probe { string Name => \"register_forward_hook\"; }");

    [Theory]
    [InlineData("Console.WriteLine(model.call(batches[0].x));")]
    [InlineData("Console.WriteLine(MSELoss().forward(batches[0].x, batches[0].y));")]
    [InlineData("Func<Tensor, Tensor> run = model.forward; Console.WriteLine(run);")]
    public Task ForCallsThatRunHooks_OrLosses_DoesNotTrigger(string line) => FindsInMethodAsync(line);

    [Fact]
    public Task ForForwardThatHandsOverToItsOwnObject_DoesNotTrigger() => FindsAsync(
        """
        class Block : Module<Tensor, Tensor>
        {
            public Block() : base("block") { }
            public override Tensor forward(Tensor x) => x;
        }

        class Net : Block
        {
            public override Tensor forward(Tensor x) => base.forward(x) + forward(x, 2);
            private Tensor forward(Tensor x, int times) => times == 0 ? x : forward(x);
        }
        """);

    [Fact]
    public Task ForAForwardWithoutACallOfTheSameArguments_DoesNotTrigger() => FindsAsync(
        """
        class Net : torch.nn.Module
        {
            public Net() : base("net") { }
            public Tensor forward(Tensor x, string mode) => x;
            public static Tensor Run(Net net, Tensor x) => net.forward(x, "fast");
        }
        """);

    [Fact]
    public Task ForHalfWrittenCode_Triggers_WhereTheCallIsThere() => FindsInHalfWrittenAsync(
        """
        class Script
        {
            void Run(Linear model, Tensor x)
            {
                var y = model.{|GG6001:forward|}(x);
                model.forward(
        """);

    private static Task FindsForwardAsync(DiagnosticSeverity severity, string instrument, MetadataReference[] references, string further = "class Empty { }")
    {
        var test = Rule.Test("class Script { Tensor Run(Linear layer, Tensor x) => layer.{|#0:forward|}(x); }", "GG6001", severity);
        test.TestState.Sources.Add(("/0/Further.cs", Rule.Usings + "\n" + further));
        test.TestState.AdditionalReferences.AddRange(references);
        test.TestState.AnalyzerConfigFiles.Add(("/.globalconfig", $"is_global = true\nbuild_property.GradGuardInstrument = {instrument}\n"));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public Task Fix_CallsInstead_AndKeepsComments() => FixesInMethodAsync<GG6001ForwardCalledFix>(
        """
        var y = model /* the net */.{|GG6001:forward|}(other
            .{|GG6001:forward|}(batches[0].x)); // twice
        """,
        """
        var y = model /* the net */.call(other
            .call(batches[0].x)); // twice
        """);
}
