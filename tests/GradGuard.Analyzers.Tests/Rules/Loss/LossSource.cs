namespace GradGuard.Analyzers.Tests.Rules.Loss;

/// <summary>A classifier and the method that computes its loss: the shortest code in which a loss rule can speak.</summary>
internal static class LossSource
{
    /// <summary>A model of ten logits whose <c>forward</c> runs <paramref name="forward"/>, and a loss over its result <c>p</c>.</summary>
    /// <param name="loss">The loss, over <c>p</c> and the target <c>y</c>.</param>
    /// <param name="forward">Statements of <c>forward</c> after <c>var z = fc.call(x);</c>.</param>
    /// <param name="fields">Further fields of the model.</param>
    public static string Of(string loss, string forward = "return z;", string fields = "") =>
        $$"""
        sealed class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(20, 10);
        {{fields}}
            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var z = fc.call(x);
                {{forward}}
            }
        }

        static class Losses
        {
            public static Tensor Of(Net net, Tensor x, Tensor y)
            {
                var p = net.call(x);
                return {{loss}};
            }
        }
        """;
}
