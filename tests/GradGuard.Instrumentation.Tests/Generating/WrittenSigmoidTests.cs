namespace GradGuard.Instrumentation.Tests.Generating;

/// <summary>A sigmoid written with operators is seen through the exp inside it.</summary>
public sealed class WrittenSigmoidTests
{
    [Theory]
    [InlineData("return 1 / (1 + torch.exp(-x));")]
    [InlineData("return 1.0 / (torch.exp(-x) + 1.0);")]
    [InlineData("return 1f / (1f + (-x).exp());")]
    [InlineData("return ones_like(x) / (1 + x.neg().exp());")]
    [InlineData("return (1 + exp(-x)).reciprocal();")]
    [InlineData("return torch.reciprocal(exp(-x) + 1);")]
    [InlineData("var e = exp(-x); var sum = (1 + e); return 1 / sum;")]
    [InlineData("return 2 / (1 + exp(-2 * x)) - 1;")]
    public void TheExpInside_IsIntercepted(string body)
    {
        var code = Generated.FromModule($"public override Tensor forward(Tensor x) {{ {body} }}");

        Assert.Equal(1, Generated.Count(code, "InterceptsLocationAttribute(1,"));
        Assert.Contains("Watch.SigmoidOfExp(", code, StringComparison.Ordinal);
        Assert.Contains("\"sigmoid\", \"Models/Code.cs\"", code, StringComparison.Ordinal);
        Assert.Contains("ActivationRole.Plain)", code, StringComparison.Ordinal);
        Assert.DoesNotContain("HiddenCallSite", code, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("return x / (1 + exp(-x));")]
    [InlineData("return x * (1 / (1 + exp(-x)));")]
    [InlineData("var gate = 1 / (1 + exp(-x)); return gate * fc.call(x);")]
    public void WhatItMultiplies_MakesItAGate(string body)
        => Assert.Contains("ActivationRole.Gate)", Generated.FromModule($"public override Tensor forward(Tensor x) {{ {body} }}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("return 1 / (2 + exp(-x));")]
    [InlineData("return 1 / (1 + log(x));")]
    [InlineData("return exp(x) / exp(x).sum();")]
    [InlineData("var e = exp(-x); e = e * 2; return 1 / (1 + e);")]
    [InlineData("var e = exp(-x); e.mul_(2); return 1 / (1 + e);")]
    [InlineData("var e = Math.Exp(-2.0); return x * (1 / (1 + e));")]
    public void AnythingElse_IsLeftAlone(string body)
        => Assert.DoesNotContain("sigmoid", Generated.FromModule($"public override Tensor forward(Tensor x) {{ {body} }}"), StringComparison.Ordinal);

    [Fact]
    public void TwoOnALine_AreToldApart()
    {
        var code = Generated.FromModule("public override Tensor forward(Tensor x) => 1 / (1 + exp(-x)) + 1 / (1 + exp(x));");

        Assert.Equal(2, Generated.Count(code, "InterceptsLocationAttribute(1,"));
        Assert.Equal(2, Generated.Count(code, "[assembly: global::GradGuard.Monitor.Instrumentation.ActivationCallSite("));
    }
}
