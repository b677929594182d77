using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Tests.Graph;

/// <summary>What is minimised, which values have a graph, and where in the flow of control they are made.</summary>
public class BackwardTests
{
    [Theory]
    [InlineData("var l = x.sum(); l.backward(); return l;", "Sum(x)", false)]
    [InlineData("x.sum().backward(retain_graph: true); return x;", "Sum(x)", true)]
    [InlineData("torch.autograd.backward(x.mean(), create_graph: true); return x;", "Mean(x)", true)]
    [InlineData("torch.autograd.backward(new[] { x.mean(), y.sum() }); return x;", "Concat(Mean(x), Sum(y))", false)]
    [InlineData("x.sum().backward(retain_graph: y.requires_grad); return x;", "Sum(x)", null)]
    public void WhatBackwardIsCalledOn_IsKept(string body, string target, bool? retains)
    {
        var backward = Assert.Single(Build.Method(body).Nodes.OfType<BackwardNode>());

        Assert.Equal(target, GraphDump.Of(backward.Target));
        Assert.Equal(retains, backward.RetainsGraph);
    }

    [Theory]
    [InlineData("using (torch.no_grad()) { y = x.relu(); } return y;", true)]
    [InlineData("using var off = torch.inference_mode(); return x.relu();", true)]
    [InlineData("torch.set_grad_enabled(false); return x.relu();", true)]
    [InlineData("torch.set_grad_enabled(y.requires_grad); return x.relu();", true)]
    [InlineData("using (torch.no_grad()) { using (torch.enable_grad()) y = x.relu(); } return y;", false)]
    [InlineData("using (torch.no_grad()) { x.sum(); } return x.relu();", false)]
    [InlineData("{ using var off = torch.no_grad(); x.sum(); } return x.relu();", false)]
    [InlineData("using (torch.inference_mode(false)) { y = x.relu(); } return y;", false)]
    public void TheGradMode_HoldsUntilItsBlockEnds(string body, bool isOff)
    {
        var relu = Assert.Single(Build.Method(body).Nodes.OfType<ActivationNode>());

        Assert.Equal(isOff, relu.Scope.IsGradientOff);
    }

    [Fact]
    public void TheSidesOfABranch_AreScopesOfTheirOwn()
    {
        var graph = Build.Method("x.sum().backward(); if (x.requires_grad) x.mean().backward(); else y.sum().backward(); return x;");
        var calls = graph.Nodes.OfType<BackwardNode>().ToList();

        Assert.True(calls[1].Scope.IsWithin(calls[0].Scope));
        Assert.False(calls[2].Scope.IsWithin(calls[1].Scope));
        Assert.False(calls[0].Scope.IsWithin(calls[2].Scope));
    }

    [Theory]
    [InlineData("for (var i = 0; i < 3; i++) x.sum().backward(); return x;", true)]
    [InlineData("while (true) { x.sum().backward(); if (x.requires_grad) break; } return x;", true)]
    [InlineData("while (true) { x.sum().backward(); break; } return x;", false)]
    [InlineData("for (var i = 0; i < 1; i++) x.sum().backward(); return x;", false)]
    [InlineData("for (var i = 0; i < 3; i++) if (x.requires_grad) x.sum().backward(); return x;", false)]
    public void ALoop_IsKnownToRepeatWhatItAlwaysDoes(string body, bool repeats)
    {
        var backward = Assert.Single(Build.Method(body).Nodes.OfType<BackwardNode>());

        Assert.Equal(repeats, backward.Scope.UnconditionalLoop is { Repeats: true });
    }

    [Theory]
    [InlineData("x.requires_grad_(); return x;", true)]
    [InlineData("x.requires_grad = true; return x;", true)]
    [InlineData("x.requires_grad = false; return x;", false)]
    public void ATensorThatAsksForItsGradient_IsMarked(string body, bool asks) =>
        Assert.Equal(asks, Assert.Single(Build.Method(body).Outputs).RequiresGradient);

    [Fact]
    public void ANumberReadOutAndPutIntoANewTensor_IsCutOff() =>
        Assert.Equal("Cut[NewTensor](Cut[Item](Sum(x)))", GraphDump.Outputs(Build.Method("var n = x.sum().item<float>() * 2; return torch.tensor(n);")));

    [Theory]
    [InlineData("return torch.min(x, y);", "Branch(x, y)")]
    [InlineData("return x.max(y);", "Branch(x, y)")]
    [InlineData("return x.max();", "Max(x)")]
    public void TheLargerOrSmallerOfTwoTensors_ReadsBoth(string body, string expected) => Assert.Equal(expected, GraphDump.Outputs(Build.Method(body)));
}
