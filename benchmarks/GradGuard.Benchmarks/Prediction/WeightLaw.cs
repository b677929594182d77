using System.Globalization;
using GradGuard.Analyzers.Graph;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Prediction;

/// <summary>One initialization, as the graph describes it and as TorchSharp draws it; nothing is drawn for a layer's own default.</summary>
internal sealed record WeightLaw(string Name, WeightDistribution Distribution, Action<Tensor>? Draw)
{
    public static WeightLaw Default { get; } = new("default", new WeightDistribution.FanInUniform(1), null);

    public static WeightLaw XavierUniform { get; } =
        new("xavier_uniform_", new WeightDistribution.Xavier(1, IsUniform: true), weight => nn.init.xavier_uniform_(weight));

    public static WeightLaw KaimingNormal { get; } = new(
        "kaiming_normal_",
        new WeightDistribution.Kaiming(Math.Sqrt(2), FanOut: false, IsUniform: false),
        weight => nn.init.kaiming_normal_(weight, nonlinearity: nn.init.NonlinearityType.ReLU));

    public static WeightLaw Orthogonal { get; } = new("orthogonal_", new WeightDistribution.Orthogonal(1), weight => nn.init.orthogonal_(weight));

    public static WeightLaw Normal(double std) => new(
        string.Create(CultureInfo.InvariantCulture, $"normal_({std:G2})"),
        new WeightDistribution.Normal(0, std),
        weight => nn.init.normal_(weight, 0, std));
}
