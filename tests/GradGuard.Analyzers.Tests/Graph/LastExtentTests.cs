using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;

namespace GradGuard.Analyzers.Tests.Graph;

/// <summary>Of a tensor whose rank is not known the last extent often is: a Linear makes it.</summary>
public class LastExtentTests
{
    private const string Fields =
        "readonly Linear a = Linear(20, 64); readonly Linear b = Linear(20, 128); readonly Embedding table = Embedding(100, 16); readonly LSTM lstm = LSTM(20, 32);";

    [Theory]
    [InlineData("a.call(x)", "[…, 64]")]
    [InlineData("a.call(x).relu() * 2 + 1", "[…, 64]")]
    [InlineData("a.call(x) + a.call(x).tanh()", "[…, 64]")]
    [InlineData("a.call(x) * x", "[…, 64]")]
    [InlineData("cat(new[] { a.call(x), b.call(x) }, -1)", "[…, 192]")]
    [InlineData("table.call(x)", "[…, 16]")]
    [InlineData("lstm.call(x).Item1", "[…, 32]")]
    [InlineData("a.call(x).mean(new long[] { -1 }, keepdim: true)", "[…, 1]")]
    public void WhatALinearMakesIsKnownBehindIt(string expression, string shape) => Assert.Equal(shape, ShapeOf(expression));

    [Theory]
    [InlineData("x")]
    [InlineData("a.call(x).transpose(-1, -2)")]
    [InlineData("a.call(x).flatten(1)")]
    [InlineData("a.call(x).unsqueeze(-1)")]
    [InlineData("a.call(x).mean(new long[] { -1 })")]
    [InlineData("cat(new[] { a.call(x), b.call(x) }, 1)")]
    [InlineData("x + x")]
    public void WhereItMayHaveMovedItIsNotKnown(string expression) => Assert.Equal("[…]", ShapeOf(expression));

    [Fact]
    public void AViewOfItGivesTheRank() => Assert.Equal("[-1, 8, 8]".Replace("-1", "?"), ShapeOf("a.call(x).view(-1, 8, 8)"));

    [Fact]
    public void ASoftmaxBehindALinearIsPredictedForAnyInput()
    {
        var graph = Build.Forward("readonly Linear fc = Linear(20, 10);", "return fc.call(x).softmax(-1);");
        var report = SignalReport.Compute(graph);

        Assert.Equal(0.1, report[graph.Outputs[0]].Value!.Value.Mean, 1e-9);
        Assert.NotNull(report.PreActivations.Single().GradientRms);
    }

    [Fact]
    public void ScoresOfProjectedTokensSpreadOverAKnownWidth()
    {
        var graph = Build.Forward(Fields, "return a.call(x).matmul(a.call(x).transpose(-2, -1));");

        Assert.Equal(64, graph.Nodes.OfType<ProductNode>().Single().InnerWidth);
    }

    private static string ShapeOf(string expression) => Build.Forward(Fields, $"return {expression};").Outputs[0].Shape.ToString();
}
