using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Statistics;

namespace GradGuard.Monitor.Capture;

/// <summary>
/// What was read of a step, before it is put into the words of a record: that can wait until several steps are judged together, while their
/// tensors are let go of at once.
/// </summary>
internal sealed class StepReading
{
    /// <summary>Number of the step.</summary>
    public required long Step { get; init; }

    /// <summary>Its loss; null when it is not a single number.</summary>
    public required double? Loss { get; init; }

    /// <summary>Factor that the loss was multiplied by before backward.</summary>
    public required double LossScale { get; init; }

    /// <summary>How the gradient was clipped, where the program told.</summary>
    public required ClippingRecord? Clipping { get; init; }

    /// <summary>How deep it was read.</summary>
    public required ReadingDepth Depth { get; init; }

    /// <summary>What the optimizer did since the step before, where that was read.</summary>
    public required IReadOnlyList<UpdateRecord> Updates { get; init; }

    /// <summary>Parameters and gradients, by the indices of their statistics.</summary>
    public required ReadParameter[] Parameters { get; init; }

    /// <summary>The forward passes; null where the reading did not go as deep.</summary>
    public required ReadPasses? Passes { get; init; }

    /// <summary>Statistics of all tensors read.</summary>
    public required TensorStatistics[] Statistics { get; init; }

    /// <summary>Layers that no forward pass reached so far.</summary>
    public required IReadOnlyCollection<string> NeverCalled { get; init; }

    /// <summary>Those of them that the code may run past their hooks.</summary>
    public required IReadOnlyCollection<string> PastHooks { get; init; }

    /// <summary>False when a NaN or an infinity was seen.</summary>
    public bool IsFinite { get; set; } = true;

    /// <summary>Where, once it was searched for.</summary>
    public NonFiniteTrace? NonFinite { get; set; }

    /// <summary>The record of the step.</summary>
    public StepRecord ToRecord() => new()
    {
        Step = Step,
        Loss = Loss,
        LossScale = LossScale,
        Clipping = Clipping,
        Depth = Depth,
        Updates = Updates,
        Parameters = Array.ConvertAll(Parameters, Record),
        Layers = Passes?.Records(Statistics) ?? [],
        NeverCalled = NeverCalled,
        PastHooks = PastHooks,
        InputRms = Passes?.InputRms(Statistics),
        IsFinite = IsFinite,
        NonFinite = NonFinite,
    };

    private ParameterRecord Record(ReadParameter read) => new(
        read.Of.Name, read.Of.Layer, read.Of.Dimensions, read.RequiresGrad, TensorFigures.Of([Statistics[read.Weight]]),
        read.Gradient < 0 ? null : TensorFigures.Of([Statistics[read.Gradient]]));
}
