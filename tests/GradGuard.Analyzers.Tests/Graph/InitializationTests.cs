using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Tests.Graph;

/// <summary>First values: the library's defaults, and every way a program replaces them.</summary>
public class InitializationTests
{
    [Theory]
    [InlineData("init.normal_(fc.weight, 0, 0.5);", "Normal(0, 0.5)")]
    [InlineData("nn.init.normal_(fc.weight, std: 2);", "Normal(0, 2)")]
    [InlineData("torch.nn.init.uniform_(fc.weight, -1, 1);", "Uniform(-1, 1)")]
    [InlineData("init.kaiming_uniform_(fc.weight, nonlinearity: init.NonlinearityType.ReLU);", "Kaiming(1.4142, in)")]
    [InlineData("init.kaiming_normal_(fc.weight, mode: init.FanInOut.FanOut);", "Kaiming(1.4142, out)")]
    [InlineData("init.kaiming_normal_(fc.weight, a: Math.Sqrt(5));", "Kaiming(0.5774, in)")]
    [InlineData("init.xavier_uniform_(fc.weight, init.calculate_gain(init.NonlinearityType.Tanh));", "Xavier(1.6667)")]
    [InlineData("init.orthogonal_(fc.weight);", "Orthogonal(1)")]
    [InlineData("init.constant_(fc.weight, 0.1);", "0.1")]
    [InlineData("fc.weight!.normal_(0, 0.3);", "Normal(0, 0.3)")]
    [InlineData("using (no_grad()) fc.weight!.fill_(2);", "2")]
    [InlineData("using (torch.no_grad()) { fc.weight.mul_(3); }", "3·Default")]
    [InlineData("fc.weight = Parameter(randn(8, 4) * 0.2);", "0.2·Normal(0, 1)")]
    [InlineData("fc.weight = new Parameter(torch.rand(8, 4) * 2 - 1);", "Uniform(-1, 1)")]
    [InlineData("apply(m => { if (m is Linear l) init.zeros_(l.weight); });", "0")]
    [InlineData("apply(Init); static void Init(nn.Module m) { switch (m) { case Linear l: init.ones_(l.weight); break; } }", "1")]
    [InlineData("foreach (var (name, p) in named_parameters()) if (name.EndsWith(\"x\")) p.zero_(); init.zeros_(get_parameter(\"fc.weight\"));", "0")]
    [InlineData("var std = 0.5; if (Environment.ProcessorCount > 3) std = 1; init.normal_(fc.weight, 0, std);", "Unknown")]
    [InlineData("if (Environment.ProcessorCount > 3) init.normal_(fc.weight, 0, 1);", "Unknown")]
    [InlineData("", "Default")]
    public void TheWeightOfALinear(string statement, string expected)
    {
        var graph = Build.Module(
            $$"""
            class Net : Module<Tensor, Tensor>
            {
                readonly Linear fc = Linear(4, 8);
                public Net() : base("net") { RegisterComponents(); {{statement}} }
                public override Tensor forward(Tensor x) => fc.call(x);
            }
            """);
        Assert.Equal(expected, GraphDump.Law(graph.Layers.Single(layer => layer.Path == "fc").Weight));
    }

    [Fact]
    public void BareParameters_KeepShapeScaleAndName()
    {
        var graph = Build.Module(
            """
            class Net : Module<Tensor, Tensor>
            {
                const int H = 5;
                readonly Parameter Whh = Parameter(randn(H, H) * 1.5);
                Tensor b;
                public Net() : base("net") { b = torch.zeros(H).AsParameter(); RegisterComponents(); }
                public override Tensor forward(Tensor x) => Whh.mv(x) + b;
            }
            """);
        Assert.Equal("(Product[5](Whh, x) + b)", GraphDump.Outputs(graph));
        Assert.Equal("Whh Parameter 5→5 1.5·Normal(0, 1); b Parameter 5→5 0", GraphDump.Layers(graph));
    }

    [Fact]
    public void RecurrentWeightsAndBiasesHaveTheirOwnValues()
    {
        var graph = Build.Module(
            """
            class Net : Module<Tensor, Tensor>
            {
                readonly RNNCell cell = RNNCell(4, 6);
                public Net() : base("net") { init.orthogonal_(cell.weight_hh, 2); init.zeros_(cell.bias_ih); RegisterComponents(); }
                public override Tensor forward(Tensor x) => cell.call(x, x);
            }
            """);
        var layer = graph.Layers.Single();
        Assert.Equal("Default", GraphDump.Law(layer.Weight));
        Assert.Equal("Orthogonal(2)", GraphDump.Law(layer.RecurrentWeight));
        Assert.Equal("0", GraphDump.Law(layer.Bias));
    }

    [Fact]
    public void TheDefaultsOfOtherLayers()
    {
        var graph = Build.Forward(
            "readonly Embedding e = Embedding(9, 3); readonly LayerNorm n = LayerNorm(3); readonly MultiheadAttention a = MultiheadAttention(3, 1); readonly LSTM l = LSTM(3, 3);",
            "return x;");
        Assert.Equal(["Normal(0, 1)", "1", "Xavier(1)", "Default"], graph.Layers.Select(layer => GraphDump.Law(layer.Weight)));
        Assert.All(graph.Layers, layer => Assert.True(layer.Weight.IsDefault));
        Assert.IsType<WeightDistribution.FanInUniform>(graph.Layers[3].RecurrentWeight!.Distribution);
    }
}
