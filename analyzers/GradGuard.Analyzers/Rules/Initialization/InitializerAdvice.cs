using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Rules.Initialization;

/// <summary>
/// The initializer of <c>torch.nn.init</c> that fits what follows a layer: Kaiming before ReLU and its family (He et al. 2015), Xavier before
/// sigmoid, tanh and the rest (Glorot and Bengio 2010).
/// </summary>
/// <param name="Initializer">Its name.</param>
/// <param name="Std">The standard deviation it gives this layer's weights; null where the layer's shape is not known.</param>
/// <param name="IsForRectifiers">True where ReLU or one of its family follows.</param>
internal sealed record InitializerAdvice(string Initializer, double? Std, bool IsForRectifiers)
{
    /// <summary>Advice for <paramref name="layer"/>, whose result meets <paramref name="following"/>.</summary>
    public static InitializerAdvice For(Layer layer, Downstream? following)
    {
        var isForRectifiers = following?.Activation is { } activation && IsOfReluFamily(activation.Kind);
        var (name, law) = isForRectifiers
            ? ("kaiming_uniform_", (WeightDistribution)new WeightDistribution.Kaiming(Math.Sqrt(2), FanOut: false, IsUniform: true))
            : ("xavier_uniform_", new WeightDistribution.Xavier(1, IsUniform: true));
        return new(name, WeightMoments.Of(law, layer.FanIn, layer.FanOut)?.Std, isForRectifiers);
    }

    private static bool IsOfReluFamily(ActivationKind kind) => kind is
        ActivationKind.Relu or ActivationKind.Relu6 or ActivationKind.LeakyRelu or ActivationKind.PRelu or ActivationKind.RRelu
        or ActivationKind.Elu or ActivationKind.Celu or ActivationKind.Gelu or ActivationKind.Silu or ActivationKind.Mish;
}
