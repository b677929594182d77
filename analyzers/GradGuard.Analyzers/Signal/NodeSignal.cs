using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Signal;

/// <summary>What is predicted of one value of a graph at the start of training.</summary>
internal sealed class NodeSignal(GraphNode node, ForwardSignal forward, Moments? gradient)
{
    public GraphNode Node { get; } = node;

    /// <summary>Moments of the value; null where they are not known.</summary>
    public Moments? Value => forward.Value;

    /// <summary>Why the value is not known; empty where it is.</summary>
    public string UnknownBecause => forward.UnknownBecause;

    /// <summary>The numbers rest on a model input of independent entries with mean 0 and RMS 1.</summary>
    public bool AssumesUnitInput => forward.AssumesUnitInput;

    /// <summary>Close to Gaussian over units and samples.</summary>
    public bool IsGaussian => forward.IsGaussian;

    /// <summary>Moments of the loss gradient at this value, relative to unit RMS at the outputs; null where not known.</summary>
    public Moments? Gradient { get; } = gradient;

    /// <summary>RMS of the gradient relative to that at the outputs; null where not known, 0 where none arrives.</summary>
    public double? GradientRms => Gradient?.Rms;

    /// <summary>Of a recurrence or recurrent layer: spectral radius and gradient through time; null elsewhere.</summary>
    public RecurrenceSignal? Recurrence => forward.Recurrence;

    /// <summary>Of an activation: the share of pre-activations, over units and samples, where its local gradient is under 7% of its maximum.</summary>
    public double? SaturatedShare { get; init; }

    /// <summary>Of a rectifier: the share of units that stay silent for <see cref="UnitShares.DeadAfterSamples"/> samples.</summary>
    public double? DeadShare { get; init; }
}
