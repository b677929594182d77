namespace GradGuard.Monitor.Recording;

/// <summary>How a layer should start by what the code says, computed when it was compiled; null for what is not known or does not apply.</summary>
/// <param name="Path">Path as in <c>named_modules()</c>; of a bare parameter as in <c>named_parameters()</c>.</param>
/// <param name="FanIn">Inputs that a pre-activation sums over.</param>
/// <param name="WeightRms">Root mean square of its weights.</param>
/// <param name="Std">Standard deviation of its pre-activations.</param>
/// <param name="SaturatedShare">Share saturated of the activation behind it.</param>
/// <param name="DeadShare">Share of dead units of the rectifier behind it.</param>
/// <param name="GradientRatio">RMS gradient at its pre-activations over that at the last layer's.</param>
/// <param name="AssumesUnitInput">True where this rests on a model input of mean 0 and RMS 1.</param>
/// <param name="BehindRecurrence">True in a recurrence and behind one, where a run scatters widely around the prediction.</param>
internal sealed record LayerPrediction(
    string Path, double? FanIn, double? WeightRms, double? Std, double? SaturatedShare, double? DeadShare, double? GradientRatio, bool AssumesUnitInput,
    bool BehindRecurrence);
