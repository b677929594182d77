namespace GradGuard.Analyzers.Tests.Graph;

/// <summary>A value carried round a loop is a recurrence over the number of steps the bounds give.</summary>
public class LoopTests
{
    private const string Parameters = "var W = randn(5, 5); var h = zeros(5); ";

    [Theory]
    [InlineData("for (int t = 0; t < 50; t++) h = tanh(W.mv(h) + x); return h;", "Recurrence[50](h => Tanh((Product[5](W, carried) + x)))")]
    [InlineData("for (int t = 10; t >= 1; t -= 3) h = W.matmul(h); return h;", "Recurrence[4](h => Product[5](W, carried))")]
    [InlineData("for (int t = 0; t < x.shape[0]; t++) h = W.matmul(h); return h;", "Recurrence[?](h => Product[5](W, carried))")]
    [InlineData("foreach (var t in Enumerable.Range(0, 7)) h = W.matmul(h); return h;", "Recurrence[7](h => Product[5](W, carried))")]
    [InlineData("var n = 3; while (n-- > 0) h = W.matmul(h); return h;", "Recurrence[?](h => Product[5](W, carried))")]
    [InlineData("foreach (var part in x.unbind(0)) h = h * 0.5 + part; return h;", "Recurrence[?](h => (Scale[0.5, 0](carried) + x[…]))")]
    [InlineData("Tensor? s = null; for (int t = 0; t < 4; t++) s = s is null ? x : s + x; return s!;", "Recurrence[4](0 => Branch(x, (carried + x)))")]
    [InlineData("for (int t = 0; t < 4; t++) h = x.relu(); return h;", "Relu(x)")]
    public void AStateCarriedRoundALoop(string body, string expected) =>
        Assert.Equal(expected, GraphDump.Outputs(Build.Method(Parameters + body)));

    [Fact]
    public void AnArrayOfStates()
    {
        var graph = Build.Method(
            """
            var Whh = randn(5, 5);
            var hs = new Tensor[51];
            hs[0] = zeros(5);
            for (int t = 1; t <= 50; t++)
                hs[t] = maximum(zeros(5), Whh.mv(hs[t - 1]));
            return hs[50];
            """);
        Assert.Equal("Recurrence[50](0 => Relu'(Product[5](Whh, carried)))", GraphDump.Outputs(graph));
    }

    [Fact]
    public void AListOfStatesIsStacked()
    {
        var graph = Build.Method(
            "var cell = GRUCell(4, 4); var h = y; var all = new List<Tensor>(); for (int t = 0; t < 9; t++) { h = cell.call(x[t], h); all.Add(h); } return stack(all);");
        Assert.Equal("Concat(cell[1](x[…], carried))", GraphDump.Outputs(graph));
        Assert.Equal(9, graph.Nodes.OfType<GradGuard.Analyzers.Graph.RecurrenceNode>().Single().Steps);
    }

    [Fact]
    public void ATensorFilledStepByStep_AndTheBackwardLoopByHand()
    {
        var graph = Build.Method(
            """
            var Whh = randn(5, 5);
            var hs = zeros(51, 5);
            for (int t = 1; t < 51; t++)
                hs[t] = maximum(zeros(5), Whh.mv(hs[t - 1]));
            var dss = zeros(51, 5);
            var dhs = zeros(51, 5);
            dhs[50] = y;
            for (int t = 50; t > 0; t--)
            {
                dss[t] = (hs[t] > 0) * dhs[t];
                dhs[t - 1] = Whh.t().mv(dss[t]);
            }
            return dhs;
            """);
        Assert.Equal(3, graph.Nodes.OfType<GradGuard.Analyzers.Graph.RecurrenceNode>().Count());
        var output = GraphDump.Outputs(graph);
        Assert.StartsWith("Recurrence[50](Concat(dhs, y) => Reshape(Product[5](Whhᵀ, (Compare[0](", output);
        Assert.EndsWith("* carried[…]))))", output);
    }

    [Fact]
    public void ATupleOfStates()
    {
        var graph = Build.Method(
            "var cell = LSTMCell(4, 4); (Tensor, Tensor)? state = null; for (int t = 0; t < 3; t++) state = cell.call(x, state); return state!.Value.Item1;");
        Assert.Equal("Recurrence[3](0 => cell[1](x, carried, carried)#1)", GraphDump.Outputs(graph));
    }
}
