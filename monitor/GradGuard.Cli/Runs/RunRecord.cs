using System.Text.Json.Serialization;

namespace GradGuard.Cli.Runs;

/// <summary>A line of the records: a step that was read, with the losses since the line before. What was not read is null or an empty list.</summary>
/// <param name="Step">The first of a run is 0; a resumed run goes on from where it was cut.</param>
/// <param name="Losses">Of the steps since the line before, this one's last; null where the loss was no single number.</param>
/// <param name="Parameters">Weights and gradients; empty in the last line of a run when its step was not sampled.</param>
/// <param name="Updates">What the optimizer did in the step before, where that was sampled, or in an earlier one since the line before.</param>
/// <param name="Layers">Outputs of layers, in the order of the forward pass.</param>
internal sealed record RunRecord(
    long Step, IReadOnlyList<double?> Losses, IReadOnlyList<ParameterFigures> Parameters, IReadOnlyList<UpdateFigures> Updates,
    IReadOnlyList<LayerFigures> Layers) : IRunDocument
{
    [JsonIgnore]
    public string? Fault => Step < 0 ? "'step' is negative"
        : Losses.Count > Step + 1 ? "'losses' holds more than there were steps"
        : Parameters.Contains(null!) ? "'parameters' holds null"
        : Updates.Contains(null!) ? "'updates' holds null"
        : Updates.Any(update => update.Step < 0 || update.Step >= Step) ? "'updates' holds one of a step that was not over"
        : Layers.Contains(null!) ? "'layers' holds null"
        : null;

    /// <summary>True when parameters or layers of this step were read, and not its loss alone.</summary>
    [JsonIgnore]
    public bool IsSampled => Parameters.Count > 0 || Layers.Count > 0;

    /// <summary>The losses with the steps they are from, in order.</summary>
    public IEnumerable<(long Step, double? Loss)> LossesBySteps() => Losses.Select((loss, index) => (Step - Losses.Count + 1 + index, loss));
}

/// <summary>A parameter at a sampled step. Norms are Euclidean.</summary>
/// <param name="Name">As in <c>named_parameters()</c>.</param>
/// <param name="NonFinite">NaN and infinite elements of values and gradient.</param>
/// <param name="WeightNorm">Of its values; null where they could not be read.</param>
/// <param name="GradientNorm">Of its gradient; null where it had none.</param>
internal sealed record ParameterFigures(string Name, long NonFinite, double? WeightNorm = null, double? GradientNorm = null);

/// <summary>The true update of a parameter.</summary>
/// <param name="Name">Of the parameter.</param>
/// <param name="Norm">Euclidean norm of what the optimizer changed.</param>
/// <param name="Ratio">That over the norm of the weights before; NaN for a parameter that was all zero.</param>
/// <param name="Step">The step that made it; null where that is the one before the line's, as it always is in runs of earlier versions.</param>
internal sealed record UpdateFigures(string Name, double Norm, double Ratio, long? Step = null)
{
    /// <summary>The step that made it.</summary>
    /// <param name="line">The step of the line it stands in.</param>
    public long MadeAt(long line) => Step ?? line - 1;
}

/// <summary>The output of a layer at a sampled step.</summary>
/// <param name="Layer">Path of the module, or name of an activation function called in code.</param>
/// <param name="Calls">Calls in this step.</param>
/// <param name="Source">Path of the layer with weights that its input comes from; null where that is not known.</param>
/// <param name="Mean">Of the finite elements.</param>
/// <param name="Rms">Root mean square of the finite elements.</param>
/// <param name="Min">Smallest finite element.</param>
/// <param name="Max">Largest finite element.</param>
/// <param name="ZeroShare">Share of zeros.</param>
/// <param name="SaturatedShare">Share on the flat ends; null where the activation has none.</param>
/// <param name="NonFinite">NaN and infinite elements.</param>
/// <param name="Units">Units of which activity was counted; null where dead units have no meaning.</param>
/// <param name="InactiveUnits">Of those, active for no sample of the batch.</param>
/// <param name="GradientNorm">Euclidean norm of the gradient of the loss by the output.</param>
/// <param name="TimeGradients">Norm of the gradient at each time step, first to last, of a recurrence.</param>
internal sealed record LayerFigures(
    string Layer, int Calls, string? Source = null, double? Mean = null, double? Rms = null, double? Min = null, double? Max = null,
    double? ZeroShare = null, double? SaturatedShare = null, long? NonFinite = null, int? Units = null, int? InactiveUnits = null,
    double? GradientNorm = null, IReadOnlyList<double>? TimeGradients = null);
