using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Recurrence;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Tests.Rules.Recurrence;

public class GG3002UnscaledRecurrenceTests
{
    private const string ForwardByHand =
        """
                var Whh = randn(5, 5);
                var hs = new Dictionary<int, Tensor>();
                var ss = new Dictionary<int, Tensor>();
                hs[-1] = randn(5);
                for (int t = 0; t < 50; t++)
                {
                    ss[t] = {|#0:Whh.mv(hs[t - 1])|};
                    hs[t] = maximum(zeros(5), ss[t]);
                }
                return hs[49];
        """;

    [Fact]
    public Task ForTheRecurrenceByHand_TellsRadiusAndGrowth() => Rule.FindsAsync(
        Method(ForwardByHand),
        "GG3002",
        "This loop multiplies by the same matrix again and again: 'Whh' (spectral radius about 2.2) multiplies the gradient by about 1.6 "
        + "at each step back, ×5.6e+9 over 50 steps; scale it by 1/√n, start it orthogonal, or use an LSTM");

    [Theory]
    [InlineData("h = {|GG3002:W.matmul(h)|};")]
    [InlineData("h = torch.tanh({|GG3002:W.matmul(h)|} + x);")]
    [InlineData("h = functional.relu({|GG3002:torch.mm(W, h)|} + x);")]
    [InlineData("var a = {|GG3002:torch.matmul(W, h)|}; a = a + x; h = torch.clamp(a, min: 0);")]
    [InlineData("h = torch.tanh({|GG3002:torch.addmm(x, W, h, 1, 1)|});")]
    [InlineData("h = torch.tanh({|GG3002:torch.matmul(h.t(), W.t())|}.t());")]
    public Task ForAWideMatrixInALoop_Triggers(string step) => Rule.FindsAsync(Method(
        $$"""
                var W = randn(64, 64);
                var x = randn(64, 8);
                var h = zeros(64, 8);
                for (int t = 0; t < 30; t++)
                {
                    {{step}}
                }
                return h;
        """));

    [Fact]
    public Task ForAParameterOfAModule_Triggers() => Rule.FindsAsync(Net("nn.Parameter(randn(32, 32))", "functional.relu({|GG3002:h.matmul(Whh)|} + rows.select(1, t))"));

    [Fact]
    public Task ForForwardAndBackwardOverOneMatrix_TriggersOnce() => Rule.FindsAsync(Method(
        """
                var Whh = randn(5, 5);
                var hs = new Tensor[51];
                hs[0] = randn(5);
                for (int t = 1; t <= 50; t++)
                    hs[t] = maximum(zeros(5), {|GG3002:Whh.mv(hs[t - 1])|});
                var dss = new Tensor[51];
                var dhs = new Tensor[51];
                dhs[50] = randn(5);
                for (int t = 50; t > 0; t--)
                {
                    dss[t] = (hs[t] > 0) * dhs[t];
                    dhs[t - 1] = Whh.t().mv(dss[t]);
                }
                return dhs[0];
        """));

    [Theory]
    [InlineData("dh = {|GG3002:Whh.t().mv(dh)|};")]
    [InlineData("dh = {|GG3002:torch.matmul(dh, Whh)|};")]
    [InlineData("var ds = (mask > 0) * dh; dh = {|GG3002:Whh.t().mv(ds)|};")]
    public Task ForABackwardLoopAlone_Triggers(string step) => Rule.FindsAsync(Method(
        $$"""
                var Whh = randn(5, 5) * 2;
                var mask = randn(5);
                var dh = randn(5);
                for (int t = 49; t >= 0; t--)
                {
                    {{step}}
                }
                return dh;
        """));

    [Fact]
    public Task ForALengthThatIsNotKnown_TellsHowSoon() => Rule.FindsAsync(
        """
        static class Model
        {
            public static Tensor Run(Tensor x)
            {
                var W = randn(64, 64);
                var h = x;
                for (int t = 0; t < x.shape[0]; t++)
                    h = {|#0:W.matmul(h)|};
                return h;
            }
        }
        """,
        "GG3002",
        "This loop multiplies by the same matrix again and again: 'W' (spectral radius about 8) multiplies the gradient by about 8 at each "
        + "step back, ×1000 within 4 steps; scale it by 1/√n, start it orthogonal, or use an LSTM (inputs taken to be of unit RMS)");

    [Fact]
    public Task ForMildGrowthOverAnUnknownLength_Suggests() => Rule.FindsAsync(
        """
        static class Model
        {
            public static Tensor Run(Tensor x)
            {
                var W = randn(64, 64) * 0.16;
                var h = x;
                for (int t = 0; t < x.shape[0]; t++)
                    h = {|#0:W.matmul(h)|};
                return h;
            }
        }
        """,
        "GG3002",
        DiagnosticSeverity.Info);

    [Fact]
    public Task ForAMatrixTooSmallToCarryAGradient_Suggests() => Rule.FindsAsync(
        Method(
            """
                    var W = randn(100, 100) * 0.01;
                    var h = randn(100);
                    for (int t = 0; t < 25; t++)
                        h = torch.tanh({|#0:W.mv(h)|});
                    return h;
            """),
        "GG3002",
        DiagnosticSeverity.Info);

    [Theory]
    [InlineData("randn(64, 64) / Math.Sqrt(64)", "torch.tanh(W.matmul(h) + x)")]
    [InlineData("init.orthogonal_(empty(64, 64))", "torch.tanh(W.matmul(h) + x)")]
    [InlineData("init.orthogonal_(empty(64, 64))", "functional.relu(W.matmul(h) + x)")]
    [InlineData("torch.eye(64)", "functional.relu(W.matmul(h) + x)")]
    [InlineData("init.xavier_uniform_(empty(64, 64))", "torch.tanh(W.matmul(h) + x)")]
    [InlineData("randn(64, 64) * 0.1", "W.matmul(x) * 0.01 + h")]
    [InlineData("randn(64, 64)", "functional.normalize(W.matmul(h), dim: 0)")]
    [InlineData("unknown", "torch.tanh(W.matmul(h) + x)")]
    public Task ForScaledOrthogonalUnknownOrNormalizedSteps_DoesNotTrigger(string matrix, string step) => Rule.FindsAsync(Method(
        $$"""
                var W = {{matrix}};
                var x = randn(64, 8);
                var h = zeros(64, 8);
                for (int t = 0; t < 30; t++)
                    h = {{step}};
                return h;
        """));

    [Fact]
    public Task ForAnOutputComputedInTheLoop_DoesNotTrigger() => Rule.FindsAsync(Method(
        """
                var Why = randn(64, 64);
                var h = randn(64);
                var y = zeros(64);
                for (int t = 0; t < 30; t++)
                {
                    h = h * 0.9;
                    y = Why.mv(h);
                }
                return y;
        """));

    [Theory]
    [InlineData("for (int t = 0; t < 50; t++) h = W.matmul(h")]
    [InlineData("for (int t = 0; t < ; t++) h = W.matmul(h);")]
    [InlineData("for (;;) h = missing.matmul(h); ")]
    public Task ForHalfWrittenCode_DoesNotThrow(string loop) => Rule.RunsOverHalfWrittenAsync(Method($"var W = randn(5, 5); var h = randn(5); {loop} return h;"));

    [Fact]
    public Task TheFix_StartsTheMatrixOrthogonal() => Rule.FixesAsync<GG3002UnscaledRecurrenceFix>(
        Two("randn(64, 64)", "torch.rand(64, 64)", "{|GG3002:W.matmul(h)|}", "{|GG3002:V.matmul(g)|}"),
        Two("init.orthogonal_(randn(64, 64))", "init.orthogonal_(torch.rand(64, 64))", "W.matmul(h)", "V.matmul(g)"));

    [Fact]
    public Task TheFix_LeavesAMatrixThatIsScaledElsewhere() => Rule.FixesAsync<GG3002UnscaledRecurrenceFix>(
        Two("init.orthogonal_(empty(64, 64))", "randn(64, 64) * 3", "W.matmul(h)", "{|GG3002:V.matmul(g)|}"),
        Two("init.orthogonal_(empty(64, 64))", "randn(64, 64) * 3", "W.matmul(h)", "{|GG3002:V.matmul(g)|}"));

    [Fact]
    public Task TheFix_ReachesTheMatrixInsideAParameter() => Rule.FixesAsync<GG3002UnscaledRecurrenceFix>(
        Net("nn.Parameter(randn(32, 32))", "torch.tanh({|GG3002:h.matmul(Whh)|} + rows.select(1, t))"),
        Net("nn.Parameter(init.orthogonal_(randn(32, 32)))", "torch.tanh(h.matmul(Whh) + rows.select(1, t))"));

    private static string Two(string first, string second, string stepFirst, string stepSecond) => Method(
        $$"""
                var W = {{first}}; // recurrent
                var V = {{second}};
                var h = randn(64);
                var g = randn(64);
                for (int t = 0; t < 30; t++)
                {
                    h = torch.tanh({{stepFirst}});
                    g = {{stepSecond}}; // the other
                }
                return h + g;
        """);

    private static string Net(string matrix, string step) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Parameter Whh = {{matrix}};

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var rows = x.view(-1, 28, 32);
                var h = zeros(x.shape[0], 32);
                for (int t = 0; t < 28; t++)
                    h = {{step}};
                return h;
            }
        }
        """;

    private static string Method(string body) =>
        $$"""
        static class Model
        {
            public static Tensor Run(Tensor unknown)
            {
        {{body}}
            }
        }
        """;
}
