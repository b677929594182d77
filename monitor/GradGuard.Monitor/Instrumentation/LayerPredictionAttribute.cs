using System.ComponentModel;
using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Instrumentation;

/// <summary>How a layer of a module class should start, as computed from the code. Written by the generator; NaN for what is not known.</summary>
/// <param name="type">Metadata name of the module class.</param>
/// <param name="layer">Path as in <c>named_modules()</c>; of a bare parameter as in <c>named_parameters()</c>.</param>
/// <param name="fanIn">Inputs that a pre-activation sums over.</param>
/// <param name="weightRms">Root mean square of its weights.</param>
/// <param name="std">Standard deviation of its pre-activations.</param>
/// <param name="saturatedShare">Share saturated of the activation behind it.</param>
/// <param name="deadShare">Share of dead units of the rectifier behind it.</param>
/// <param name="gradientRatio">RMS gradient at its pre-activations over that at the last layer's.</param>
/// <param name="assumesUnitInput">True where this rests on a model input of mean 0 and RMS 1.</param>
/// <param name="behindRecurrence">True in a recurrence and behind one.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class LayerPredictionAttribute(
    string type, string layer, double fanIn, double weightRms, double std, double saturatedShare, double deadShare, double gradientRatio,
    bool assumesUnitInput, bool behindRecurrence) : Attribute
{
    internal string Type => type;

    internal LayerPrediction Prediction { get; } = new(
        layer, Known(fanIn), Known(weightRms), Known(std), Known(saturatedShare), Known(deadShare), Known(gradientRatio), assumesUnitInput, behindRecurrence);

    private static double? Known(double value) => double.IsNaN(value) ? null : value;
}
