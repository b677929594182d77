using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>What each layer makes of the size of the signal.</summary>
internal static class SignalGain
{
    /// <summary>A layer's output over its input, both as RMS, from which what becomes of the signal is its own doing: He's gain is √2.</summary>
    public const double Large = 10;

    /// <summary>The layer that multiplies the signal most; null where none does by <see cref="Large"/>.</summary>
    public static LayerDescription? Amplifier(StepRecord record)
    {
        LayerDescription? amplifier = null;
        var largest = Large;
        var input = record.InputRms ?? double.NaN;
        foreach (var layer in record.Layers.Where(static layer => layer.Output is { Rms: > 0 }))
        {
            // What the model's own code made of the signal on its way here is not this layer's doing.
            var gain = layer.Output!.Rms / (layer.ComputedInput is { Rms: > 0 } computed ? computed.Rms : input);
            if (layer.Layer is { HasWeights: true, Recurrence: RecurrenceKind.None } && gain >= largest)
                (largest, amplifier) = (gain, layer.Layer);
            input = layer.Output.Rms;
        }

        return amplifier;
    }
}
