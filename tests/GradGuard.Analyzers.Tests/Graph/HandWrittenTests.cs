namespace GradGuard.Analyzers.Tests.Graph;

/// <summary>Activations spelled out in arithmetic are recognised; what only resembles one is left alone.</summary>
public class HandWrittenTests
{
    [Theory]
    [InlineData("return 1 / (1 + exp(-x));", "Sigmoid'(x)")]
    [InlineData("return (1 + (-x).exp()).reciprocal();", "Sigmoid'(x)")]
    [InlineData("return 1.0 / (exp(x * -1) + 1.0);", "Sigmoid'(x)")]
    [InlineData("return (1 + exp(-x)).pow(-1);", "Sigmoid'(x)")]
    [InlineData("var e = x.exp(); return e / (e + 1);", "Sigmoid'(x)")]
    [InlineData("return torch.ones_like(x) / (torch.ones_like(x) + exp(x.neg()));", "Sigmoid'(x)")]
    [InlineData("return 1 - 1 / (1 + exp(x));", "Sigmoid'(x)")]
    [InlineData("return 0.5 * (tanh(x / 2) + 1);", "Sigmoid'(x)")]
    [InlineData("return 2 * sigmoid(2 * x) - 1;", "Tanh'(x)")]
    [InlineData("return (exp(x) - exp(-x)) / (exp(x) + exp(-x));", "Tanh'(x)")]
    [InlineData("return maximum(x, torch.zeros_like(x));", "Relu'(x)")]
    [InlineData("return torch.maximum(tensor(0.0), x);", "Relu'(x)")]
    [InlineData("return torch.max(x, torch.zeros_like(x));", "Relu'(x)")]
    [InlineData("return x.max(torch.zeros_like(x));", "Relu'(x)")]
    [InlineData("return x.clamp(min: 0);", "Relu'(x)")]
    [InlineData("return x.clamp_min(0);", "Relu'(x)")]
    [InlineData("return x * (x > 0);", "Relu'(x)")]
    [InlineData("return x.gt(0) * x;", "Relu'(x)")]
    [InlineData("return where(x > 0, x, 0);", "Relu'(x)")]
    [InlineData("return where(x > 0, x, 0.1 * x);", "LeakyRelu'[0.1](x)")]
    [InlineData("return maximum(x, 0.2 * x);", "LeakyRelu'[0.2](x)")]
    [InlineData("return (x + x.abs()) / 2;", "Relu'(x)")]
    [InlineData("return exp(x) / exp(x).sum(1, keepdim: true);", "Softmax'(x)")]
    [InlineData("var e = exp(x); return e / e.sum(-1).unsqueeze(-1);", "Softmax'(x)")]
    [InlineData("return log(1 + exp(x));", "Softplus'[1](x)")]
    [InlineData("return x * x.sigmoid();", "Silu'(x)")]
    public void AHandWrittenActivationIsRecognised(string body, string expected) =>
        Assert.Equal(expected, GraphDump.Outputs(Build.Method(body)));

    [Theory]
    [InlineData("return 1 / (2 + exp(-x));")]
    [InlineData("return 1 / (1 + exp(-x) + y);")]
    [InlineData("return x * (y > 0);")]
    [InlineData("return x * (x > 0.5);")]
    [InlineData("return x.clamp(0, 1);")]
    [InlineData("return x.clamp_max(0);")]
    [InlineData("return where(x > 0, x, y);")]
    [InlineData("return exp(x) / exp(y).sum(1);")]
    [InlineData("return (exp(x) - exp(-y)) / (exp(x) + exp(-y));")]
    public void ALookAlikeIsNot(string body) => Assert.DoesNotContain("'", GraphDump.Outputs(Build.Method(body)));

    [Fact]
    public void TheArithmeticOfARecognisedActivationLeavesTheGraph()
    {
        var graph = Build.Method("return 1 / (1 + exp(-x.matmul(y)));");
        Assert.Equal("Sigmoid'(Product[?](x, y))", GraphDump.Outputs(graph));
        Assert.Equal(4, graph.Nodes.Length);
    }
}
