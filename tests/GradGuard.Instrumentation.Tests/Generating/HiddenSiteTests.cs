namespace GradGuard.Instrumentation.Tests.Generating;

public sealed class HiddenSiteTests
{
    [Theory]
    [InlineData("public override Tensor forward(Tensor x) { Func<Tensor, Tensor> f = fc.forward; return f(x); }", "forward", "method group")]
    [InlineData("public override Tensor forward(Tensor x) { Func<Tensor, Tensor> f = torch.sigmoid; return f(x); }", "sigmoid", "method group")]
    [InlineData("public override Tensor forward(Tensor x) => new[] { x }.Select(tanh).First();", "tanh", "method group")]
    [InlineData("public override Tensor forward(Tensor x) { Expression<Func<Tensor>> f = () => x.relu(); return f.Compile()(); }", "relu", "expression tree")]
    [InlineData("public override Tensor forward(Tensor x) { dynamic d = fc; return d.forward(x); }", "forward", "dynamic")]
    [InlineData("""
        private readonly Inner inner = new Inner();
        public override Tensor forward(Tensor x) => inner.forward(x);
        private class Inner : Module<Tensor, Tensor>
        {
            public Inner() : base("inner") { }
            public override Tensor forward(Tensor x) => x;
        }
        """, "forward", "internal")]
    public void WhatNoInterceptorReaches_IsListedOnceWithItsReason(string members, string name, string reason)
    {
        var code = Generated.FromModule(members);

        Assert.Equal(1, Generated.Count(code, "HiddenCallSite("));
        Assert.DoesNotContain("InterceptsLocationAttribute(1,", code, StringComparison.Ordinal);
        var row = code.Split('\n').Single(static line => line.Contains("HiddenCallSite(", StringComparison.Ordinal));
        Assert.Contains($"\"{name}\", \"Models/Code.cs\"", row, StringComparison.Ordinal);
        Assert.Contains(reason, row, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileLocalModule_IsListed()
    {
        var code = Generated.From("""
            file class Local : Module<Tensor, Tensor>
            {
                public Local() : base("local") { }
                public override Tensor forward(Tensor x) => x;
            }

            public static class Caller
            {
                public static Tensor Run(Tensor x) => new Local().forward(x);
            }
            """);

        Assert.Equal(1, Generated.Count(code, "HiddenCallSite("));
    }

    [Fact]
    public void ASigmoidWrittenWithOperatorsInAnExpressionTree_IsListed()
    {
        var code = Generated.FromModule("public override Tensor forward(Tensor x) { Expression<Func<Tensor>> f = () => 1 / (1 + torch.exp(-x)); return f.Compile()(); }");

        Assert.Contains("\"1 / (1 + exp(…))\", \"Models/Code.cs\"", code, StringComparison.Ordinal);
        Assert.DoesNotContain("InterceptsLocationAttribute(1,", code, StringComparison.Ordinal);
    }
}
