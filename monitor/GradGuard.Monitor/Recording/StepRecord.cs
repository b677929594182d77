namespace GradGuard.Monitor.Recording;

/// <summary>Everything read of one training step. Immutable; what was not read is null or an empty list, never zero.</summary>
internal sealed record StepRecord
{
    /// <summary>Number of the step; the first is 0.</summary>
    public required long Step { get; init; }

    /// <summary>The loss; null when it is not a single number.</summary>
    public double? Loss { get; init; }

    /// <summary>How much of this step was read.</summary>
    public ReadingDepth Depth { get; init; }

    /// <summary>True when the step was read, at whatever depth.</summary>
    public bool Sampled => Depth != ReadingDepth.Nothing;

    /// <summary>True when all was read that can be: what the layers' gradients tell is in it.</summary>
    public bool HasEverything => Depth == ReadingDepth.Everything;

    /// <summary>True when blocks stand for the gradient by a parameter: what holds exactly, to the last element, does not hold for it.</summary>
    public bool HasPartOfAGradient
    {
        get
        {
            for (var place = 0; place < Parameters.Count; place++)
            {
                if (Parameters[place].Gradient is { IsWhole: false })
                    return true;
            }

            return false;
        }
    }

    /// <summary>Trainable and frozen parameters, each once; empty on steps that are not sampled.</summary>
    public IReadOnlyList<ParameterRecord> Parameters { get; init; } = [];

    /// <summary>What the optimizer did to each parameter since the step before, where that step was sampled.</summary>
    public IReadOnlyList<UpdateRecord> Updates { get; init; } = [];

    /// <summary>Layers in the order in which the forward pass reached them; empty where the reading did not go as deep.</summary>
    public IReadOnlyList<LayerRecord> Layers { get; init; } = [];

    /// <summary>Layers that no forward pass of the run reached through their hooks so far; empty where no layer was read.</summary>
    public IReadOnlyCollection<string> NeverCalled { get; init; } = [];

    /// <summary>Those of <see cref="NeverCalled"/> that the model's code may run through <c>forward</c>, which skips hooks.</summary>
    public IReadOnlyCollection<string> PastHooks { get; init; } = [];

    /// <summary>False when NaN or infinity was seen in what was read of this step: its other figures mean little then.</summary>
    public bool IsFinite { get; init; } = true;

    /// <summary>Where NaN and infinite values are, on the first step that has some.</summary>
    public NonFiniteTrace? NonFinite { get; init; }

    /// <summary>True when nothing but gradients overflowed, and the loss was scaled: what a scale too large does.</summary>
    public bool IsScaleOverflow => LossScale > 1 && (Loss is not { } loss || double.IsFinite(loss))
        && NonFinite is { Weights.Count: 0, Input: false, Forward.Count: 0 };

    /// <summary>Root mean square of the model's input; null when it was not read.</summary>
    public double? InputRms { get; init; }

    /// <summary>Factor that the loss was multiplied by before backward, as the program declared it.</summary>
    public double LossScale { get; init; } = 1;

    /// <summary>How the gradient was clipped, where the program told.</summary>
    public ClippingRecord? Clipping { get; init; }
}

/// <summary>A parameter and its gradient at one step.</summary>
/// <param name="Name">Name as in <c>named_parameters()</c>.</param>
/// <param name="Layer">Path of the module that owns it; empty for the model itself.</param>
/// <param name="Dimensions">Number of dimensions: 2 or more for weights, 1 for biases and norm scales.</param>
/// <param name="RequiresGrad">False when it is frozen.</param>
/// <param name="Weight">Figures of its values.</param>
/// <param name="Gradient">Figures of its gradient; null when it has none.</param>
internal sealed record ParameterRecord(
    string Name, string Layer, int Dimensions, bool RequiresGrad, TensorFigures? Weight, TensorFigures? Gradient);

/// <summary>A true update: the difference of the values before and after the optimizer's step.</summary>
/// <param name="Name">Name of the parameter.</param>
/// <param name="Layer">Path of the module that owns it.</param>
/// <param name="Dimensions">Number of dimensions of the parameter.</param>
/// <param name="Count">Elements of the parameter.</param>
/// <param name="Norm">Euclidean norm of the difference.</param>
/// <param name="WeightNorm">Euclidean norm of the values before.</param>
internal sealed record UpdateRecord(string Name, string Layer, int Dimensions, long Count, double Norm, double WeightNorm)
{
    /// <summary>Update over weight norm; NaN for a parameter that is all zero.</summary>
    public double Ratio => WeightNorm > 0 ? Norm / WeightNorm : double.NaN;
}

/// <summary>Where the values of a step stopped being finite.</summary>
/// <param name="Weights">Parameters that hold NaN or infinity before the step's update.</param>
/// <param name="Input">True when the model's input does.</param>
/// <param name="Forward">Layers whose output does, in the order of the forward pass.</param>
/// <param name="Gradients">Layers whose gradient does, in the order of the forward pass.</param>
/// <param name="ForwardSeen">Layers whose output was looked at.</param>
/// <param name="LossGradient">True when the gradient by the output of the last layer does: no layer had touched it yet.</param>
internal sealed record NonFiniteTrace(
    IReadOnlyList<string> Weights, bool Input, IReadOnlyList<string> Forward, IReadOnlyList<string> Gradients, int ForwardSeen, bool LossGradient)
{
    /// <summary>True when nothing is left of what was not finite.</summary>
    public bool IsEmpty => Weights.Count == 0 && !Input && Forward.Count == 0 && Gradients.Count == 0;
}

/// <summary>A step whose gradient went through clipping by its norm.</summary>
/// <param name="NormBefore">Norm of all its parameters' gradients before.</param>
/// <param name="MaxNorm">The limit.</param>
internal sealed record ClippingRecord(double NormBefore, double MaxNorm)
{
    /// <summary>True when the limit changed the gradient.</summary>
    public bool IsClipped => NormBefore > MaxNorm;
}
