using GradGuard.Monitor.Statistics;

namespace GradGuard.Monitor.Recording;

/// <summary>The calls of one module, fed by one source, in one step.</summary>
internal sealed record LayerRecord
{
    /// <summary>What the module is.</summary>
    public required LayerDescription Layer { get; init; }

    /// <summary>
    /// The layer with weights its input comes from, followed from module to module; itself for a layer with weights; null where the
    /// program computes in between, so that the source is not known.
    /// </summary>
    public required LayerDescription? Source { get; init; }

    /// <summary>Calls in this step.</summary>
    public required int Calls { get; init; }

    /// <summary>True when no layer with weights was called after it: it makes the model's output.</summary>
    public required bool IsFinal { get; init; }

    /// <summary>Figures of the output.</summary>
    public TensorFigures? Output { get; init; }

    /// <summary>Counts of activity by unit, of an activation whose units can be dead.</summary>
    public UnitActivity? Units { get; init; }

    /// <summary>Figures of the gradient of the loss by the output.</summary>
    public TensorFigures? Gradient { get; init; }

    /// <summary>
    /// Figures of an input that no module made, but that depends on parameters: the output of an activation called as a function.
    /// </summary>
    public TensorFigures? ComputedInput { get; init; }

    /// <summary>Counts of activity by unit of <see cref="ComputedInput"/>.</summary>
    public UnitActivity? ComputedInputUnits { get; init; }

    /// <summary>The layer with weights that was called before: the likely source of <see cref="ComputedInput"/>; null when there was none.</summary>
    public LayerDescription? Before { get; init; }

    /// <summary>
    /// Norm of the gradient of the loss at each time step, first to last, for a recurrence and for a layer called several times: by
    /// what each call returned, or by the input where one call takes a whole sequence, which differs by a constant matrix.
    /// </summary>
    public IReadOnlyList<double>? TimeGradients { get; init; }

    /// <summary>
    /// Path that an alert names: the source where it is known, else the module itself. What runs several times in a step on something that the
    /// program computed is the activation of a recurrence, and the layer called before it is the one that maps states.
    /// </summary>
    public string BlamedPath => (Source ?? (Calls > 1 ? Before : null) ?? Layer).Path;
}
