using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Recurrence;

namespace GradGuard.Analyzers.Tests.Rules.Recurrence;

public class GG3003CarriedGraphTests() : OneRuleTests("GG3003")
{
    private const string Update = "functional.mse_loss(o, y).backward(); optimizer.step();";

    [Theory]
    [InlineData("Tensor h = zeros(1, 8, 16);", "var (o, n) = gru.call(x, {|GG3003:h|}); " + Update + " h = n;")]
    [InlineData("Tensor? h = null;", "Tensor o; (o, h) = gru.call(x, {|GG3003:h|}); " + Update)]
    [InlineData("var (h, c) = (zeros(1, 8, 16), zeros(1, 8, 16));", "Tensor o; (o, h, c) = lstm.call(x, ({|GG3003:h|}, c)); " + Update)]
    [InlineData("var h = zeros(8, 16);", "h = cell.call(x, {|GG3003:h|}); var o = h; " + Update)]
    [InlineData("var h = zeros(8, 16);", "h = torch.tanh(read.call(x) + step.call({|GG3003:h|})); functional.mse_loss(h, y).backward(); optimizer.step();")]
    [InlineData("var h = zeros(8, 16);", "foreach (var t in x.unbind(1)) h = cell.call(t, {|GG3003:h|}); var o = h; " + Update)]
    [InlineData("var h = zeros(1, 8, 16);", "Run(x, y, ref h);")]
    [InlineData("", "Tensor o; (o, kept) = gru.call(x, {|GG3003:kept|}); " + Update)]
    [InlineData("kept = zeros(1, 8, 16);", "Tensor o; (o, kept) = gru.call(x, {|GG3003:this.kept|}); " + Update)]
    public Task ForAStateWithItsGraph_Triggers(string before, string body) =>
        FindsAsync(Trainer(before, body.Contains("ref h") ? body.Replace("h)", "{|GG3003:h|})") : body));

    [Fact]
    public Task ForAModelOfTheSameFile_Triggers() => FindsAsync(
        """
        class CharNet : Module<Tensor, Tensor, (Tensor, Tensor)>
        {
            private readonly GRU gru = GRU(16, 16);
            private readonly Linear head = Linear(16, 16);
            public CharNet() : base("char") => RegisterComponents();
            public override (Tensor, Tensor) forward(Tensor x, Tensor h)
            {
                var (o, n) = gru.call(x, h);
                return (head.call(o), n);
            }
        }

        static class Program
        {
            static void Train(IList<(Tensor x, Tensor y)> batches)
            {
                var model = new CharNet();
                var optimizer = optim.Adam(model.parameters());
                for (var epoch = 0; epoch < 3; epoch++)
                {
                    var h = zeros(1, 8, 16);
                    foreach (var (x, y) in batches)
                    {
                        optimizer.zero_grad();
                        (var o, h) = model.call(x, {|GG3003:h|});
                        functional.mse_loss(o, y).backward();
                        optimizer.step();
                    }
                }
            }
        }
        """);

    [Fact]
    public Task ForAModelThatKeepsItsState_Triggers_UnlessTheLoopHasItDetached() => FindsAsync(
        """
        class CharNet : Module<Tensor, Tensor>
        {
            private readonly GRU gru = GRU(16, 16);
            private Tensor? state;
            public CharNet() : base("char") => RegisterComponents();
            public void Forget() => state = state?.detach();
            public override Tensor forward(Tensor x)
            {
                var (o, n) = gru.call(x, {|GG3003:state|});
                state = n;
                return o;
            }
        }

        static class Program
        {
            static void Train(IList<(Tensor x, Tensor y)> batches)
            {
                var model = new CharNet();
                var optimizer = optim.Adam(model.parameters());
                foreach (var (x, y) in batches)
                {
                    functional.mse_loss(model.call(x), y).backward();
                    optimizer.step();
                }
            }

            static void TrainTruncated(IList<(Tensor x, Tensor y)> batches)
            {
                var model = new CharNet();
                var optimizer = optim.Adam(model.parameters());
                foreach (var (x, y) in batches)
                {
                    functional.mse_loss(model.call(x), y).backward();
                    optimizer.step();
                    model.Forget();
                }
            }
        }
        """);

    [Fact]
    public Task ForAModelOfAnotherFile_Triggers() => FindsAsync(
        """
        sealed class CharNet : Module<Tensor, Tensor, (Tensor, Tensor)>
        {
            private readonly GRU gru = GRU(16, 16);
            public CharNet() : base("char") => RegisterComponents();
            public override (Tensor, Tensor) forward(Tensor x, Tensor h) => gru.call(x, h);
        }
        """,
        """
        static class Program
        {
            static void Train(CharNet model, IList<(Tensor x, Tensor y)> batches)
            {
                var optimizer = optim.Adam(model.parameters());
                var h = zeros(1, 8, 16);
                foreach (var (x, y) in batches)
                {
                    (var o, h) = model.call(x, {|GG3003:h|});
                    functional.mse_loss(o, y).backward();
                    optimizer.step();
                }
            }
        }
        """);

    [Theory]
    [InlineData("Tensor h = zeros(1, 8, 16);", "var (o, n) = gru.call(x, h); " + Update + " h = n.detach();")]
    [InlineData("Tensor h = zeros(1, 8, 16);", "var (o, n) = gru.call(x, h); " + Update + " h = n; h.detach_();")]
    [InlineData("Tensor h = zeros(1, 8, 16);", "var (o, n) = gru.call(x, h.alias().detach()); " + Update + " h = n;")]
    [InlineData("Tensor? h = null;", "h = h?.detach(); Tensor o; (o, h) = gru.call(x, h); " + Update)]
    [InlineData("Tensor h;", "h = zeros(1, 8, 16); Tensor o; (o, h) = gru.call(x, h); " + Update)]
    [InlineData("Tensor h = zeros(1, 8, 16);", "if (y.shape[0] != 8) h = zeros(1, 8, 16); else h = h.detach(); Tensor o; (o, h) = gru.call(x, h); " + Update)]
    [InlineData("Tensor h = zeros(1, 8, 16);", "Tensor o; (o, h) = gru.call(x, h); if (fresh) h = zeros(1, 8, 16); " + Update)]
    [InlineData("Tensor h = zeros(1, 8, 16);", "Tensor o; (o, h) = gru.call(x, h); functional.mse_loss(o, y).backward(retain_graph: true); optimizer.step();")]
    [InlineData("Tensor h = zeros(1, 8, 16);", "Tensor o; (o, h) = gru.call(x, h);")]
    [InlineData("Tensor h = zeros(1, 8, 16);", "using (torch.no_grad()) h = gru.call(x, h).Item2; var o = gru.call(x, h).Item1; " + Update)]
    [InlineData("Tensor h = zeros(1, 8, 16);", "Tensor o; (o, h) = gru.call(x, h); h = h.detach().requires_grad_(false); " + Update)]
    [InlineData("", "Tensor o; (o, kept) = gru.call(x, kept); kept = kept.detach(); " + Update)]
    [InlineData("", "kept = zeros(1, 8, 16); Tensor o; (o, kept) = gru.call(x, kept); " + Update)]
    [InlineData("foreach (var p in gru.parameters()) p.requires_grad_(false); Tensor h = zeros(1, 8, 16);", "Tensor o; (o, h) = gru.call(x, h); " + Update)]
    [InlineData("Tensor h = zeros(1, 8, 16);", "Tensor o; (o, h) = gru.call(x, h); if (fresh) { functional.mse_loss(o, y).backward(); optimizer.step(); }")]
    [InlineData("Tensor h = zeros(8, 16);", "h = h + x.sum(); var o = read.call(x); " + Update)]
    [InlineData("Tensor h = zeros(1, 8, 16);", "Tensor o; (o, h) = unseen.call(x, h); " + Update)]
    public Task ForADetachedResetUnseenOrUntrainedState_DoesNotTrigger(string before, string body) => FindsAsync(Trainer(before, body));

    [Fact]
    public Task ForStepsWithinOneBatch_DoesNotTrigger() => FindsAsync(Trainer(
        "",
        "var h = zeros(8, 16); var loss = zeros(1); foreach (var t in x.unbind(1)) { h = cell.call(t, h); loss = loss + functional.mse_loss(h, y); } loss.backward(); optimizer.step();"));

    [Theory]
    [InlineData("Tensor h = zeros(1, 8, 16);", "Tensor o; (o, h) = gru.call(x, h; " + Update)]
    [InlineData("Tensor h = ;", "Tensor o; (o, h) = gru.call(x, h); " + Update)]
    public Task ForHalfWrittenCode_DoesNotThrow(string before, string body) => Rule.RunsOverHalfWrittenAsync(Trainer(before, body));

    [Fact]
    public Task TheFix_DetachesAtTheTop() => FixesAsync<GG3003CarriedGraphFix>(
        Trainer("Tensor h = zeros(1, 8, 16);", "var (o, n) = gru.call(x, {|GG3003:h|}); // one batch\n" + Update + " h = n;"),
        Trainer("Tensor h = zeros(1, 8, 16);", "h = h.detach();\n            var (o, n) = gru.call(x, h); // one batch\n" + Update + " h = n;"));

    [Fact]
    public Task TheFix_DetachesEachState() => FixesAsync<GG3003CarriedGraphFix>(
        Trainer("var (h, c) = (zeros(1, 8, 16), zeros(1, 8, 16));", "var (o, hn, cn) = lstm.call(x, ({|GG3003:h|}, c));\n" + Update + " (h, c) = (hn, cn);"),
        Trainer("var (h, c) = (zeros(1, 8, 16), zeros(1, 8, 16));", "h = h.detach();\n            c = c.detach();\n            var (o, hn, cn) = lstm.call(x, (h, c));\n" + Update + " (h, c) = (hn, cn);"));

    [Fact]
    public Task TheFix_TakesTuplesApartAndMindsNull() => FixesAsync<GG3003CarriedGraphFix>(
        Trainer("var s = (zeros(1, 8, 16), zeros(1, 8, 16));", "var (o, hn, cn) = lstm.call(x, {|GG3003:s|});\n" + Update + " s = (hn, cn);")
        + "\n" + Trainer("Tensor? h = null;", "var (o, n) = gru.call(x, {|GG3003:h|});\n" + Update + " h = n;").Replace("Trainer", "Other"),
        Trainer("var s = (zeros(1, 8, 16), zeros(1, 8, 16));", "s = (s.Item1.detach(), s.Item2.detach());\n            var (o, hn, cn) = lstm.call(x, s);\n" + Update + " s = (hn, cn);")
        + "\n" + Trainer("Tensor? h = null;", "h = h?.detach();\n            var (o, n) = gru.call(x, h);\n" + Update + " h = n;").Replace("Trainer", "Other"));

    private static string Trainer(string before, string body) =>
        $$"""
        #nullable enable annotations
        class Trainer
        {
            private readonly GRU gru = GRU(16, 16);
            private readonly LSTM lstm = LSTM(16, 16);
            private readonly GRUCell cell = GRUCell(16, 16);
            private Tensor kept = null!;
            private readonly Linear read = Linear(16, 16), step = Linear(16, 16);

            void Train(IList<(Tensor x, Tensor y)> batches, optim.Optimizer optimizer, Module<Tensor, Tensor, (Tensor, Tensor)> unseen, bool fresh)
            {
                {{before}}
                foreach (var (x, y) in batches)
                {
                    {{body}}
                }
            }

            void Run(Tensor x, Tensor y, ref Tensor state)
            {
                var (o, n) = gru.call(x, state);
                functional.mse_loss(o, y).backward();
                state = n;
            }
        }
        """;
}
