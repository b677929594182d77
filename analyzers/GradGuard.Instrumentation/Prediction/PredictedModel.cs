namespace GradGuard.Instrumentation.Prediction;

/// <summary>What is predicted of one module class at the start of training.</summary>
/// <param name="Type">Metadata name of the class.</param>
/// <param name="Layers">The layers that it creates: those that compute pre-activations in the order of evaluation, then the others.</param>
/// <param name="Fault">Why the class could not be looked at, where the prediction itself failed; empty otherwise.</param>
internal sealed record PredictedModel(string Type, IReadOnlyList<PredictedLayer> Layers, string Fault = "");

/// <summary>What is predicted of one layer; NaN for what is not known or does not apply.</summary>
/// <param name="Path">Path as in <c>named_modules()</c>; of a bare parameter as in <c>named_parameters()</c>.</param>
internal sealed record PredictedLayer(string Path)
{
    /// <summary>Inputs that a pre-activation sums over.</summary>
    public double FanIn { get; init; } = double.NaN;

    /// <summary>Root mean square of its weights; not of a recurrent layer's, which are several.</summary>
    public double WeightRms { get; init; } = double.NaN;

    /// <summary>Standard deviation of its pre-activations.</summary>
    public double Std { get; init; } = double.NaN;

    /// <summary>Share saturated of the activation behind it.</summary>
    public double SaturatedShare { get; init; } = double.NaN;

    /// <summary>Share of dead units of the rectifier behind it.</summary>
    public double DeadShare { get; init; } = double.NaN;

    /// <summary>
    /// RMS gradient at its pre-activations over that at the last layer's; not inside a recurrence, where a run reads it over all steps and a
    /// prediction is of the last.
    /// </summary>
    public double GradientRatio { get; init; } = double.NaN;

    /// <summary>True where this rests on a model input of mean 0 and RMS 1.</summary>
    public bool AssumesUnitInput { get; init; }

    /// <summary>True in a recurrence and behind one: a product of many steps of one matrix scatters widely around its prediction.</summary>
    public bool BehindRecurrence { get; init; }
}
