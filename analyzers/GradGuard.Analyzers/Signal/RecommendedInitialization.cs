using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Signal;

/// <summary>The weights' standard deviation that fits what follows a layer.</summary>
/// <param name="Initializer">The initializer of <c>nn.init</c> that draws it.</param>
/// <param name="Gain">The gain to give it.</param>
/// <param name="Std">The standard deviation it gives here.</param>
internal readonly record struct RecommendedInitialization(string Initializer, double Gain, double Std)
{
    /// <summary>
    /// For a rectifier std = √(2/fan_in) (He et al. 2015; for a leaky one of slope a, √(2/((1 + a²)·fan_in))); for SELU √(1/fan_in), at which it normalizes
    /// itself (LeCun et al. 1998; Klambauer et al. 2017); for sigmoid, tanh and a linear output √(2/(fan_in + fan_out)) times the gain of
    /// <c>calculate_gain</c> (Glorot and Bengio 2010).
    /// </summary>
    /// <param name="activation">What follows the layer; null for none.</param>
    /// <param name="negativeSlope">Slope of a leaky rectifier below 0.</param>
    /// <param name="fanIn">Inputs of one value.</param>
    /// <param name="fanOut">Outputs of one value.</param>
    public static RecommendedInitialization For(ActivationKind? activation, double? negativeSlope, double fanIn, double fanOut)
    {
        switch (activation)
        {
            case ActivationKind.Relu or ActivationKind.Relu6 or ActivationKind.Elu or ActivationKind.Celu or ActivationKind.Gelu
                or ActivationKind.Silu or ActivationKind.Mish or ActivationKind.Hardswish or ActivationKind.Softplus:
                return Kaiming(Math.Sqrt(2), fanIn);
            case ActivationKind.LeakyRelu or ActivationKind.PRelu or ActivationKind.RRelu:
                var slope = negativeSlope ?? 0;
                return Kaiming(Math.Sqrt(2 / (1 + (slope * slope))), fanIn);
            case ActivationKind.Selu:
                return Kaiming(1, fanIn);
            default:
                var gain = activation is ActivationKind.Tanh ? 5.0 / 3 : 1;
                return new("xavier_uniform_", gain, gain * Math.Sqrt(2 / (fanIn + fanOut)));
        }
    }

    private static RecommendedInitialization Kaiming(double gain, double fanIn) => new("kaiming_uniform_", gain, gain / Math.Sqrt(fanIn));
}
