using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Statistics;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>What is counted in an activation.</summary>
internal static class ActivationRequest
{
    /// <summary>σ(−4), from which on the slope of a sigmoid is under 7% of its maximum (0.0177 of 0.25).</summary>
    private static readonly double SigmoidFlat = 1 / (1 + Math.Exp(4));

    /// <summary>tanh(2): from here on the slope of tanh is 0.0707.</summary>
    private static readonly double TanhFlat = Math.Tanh(2);

    /// <summary>The dimension whose indices are units: channels of images and of what convolutions return, features otherwise.</summary>
    /// <param name="tensor">The activation.</param>
    /// <param name="producer">The layer it comes from.</param>
    public static int UnitDimension(Tensor tensor, LayerDescription producer)
        => tensor.dim() >= 4 || (tensor.dim() == 3 && producer.IsConvolution) ? 1 : -1;

    /// <summary>The request for one activation.</summary>
    /// <param name="kind">The function, which says where it is flat.</param>
    /// <param name="unitDimension">Index of the unit dimension, or -1 for the last.</param>
    /// <param name="units">True to count the activity of each unit.</param>
    public static StatisticsRequest Of(ActivationKind kind, int unitDimension, bool units)
    {
        var request = kind switch
        {
            ActivationKind.Sigmoid => new StatisticsRequest { LowerBound = SigmoidFlat, UpperBound = 1 - SigmoidFlat },
            ActivationKind.Tanh => new StatisticsRequest().WithBound(TanhFlat),
            _ => new StatisticsRequest(),
        };
        return units ? request with { UnitDimension = unitDimension, Activity = UnitActivityRule.Above } : request;
    }
}
