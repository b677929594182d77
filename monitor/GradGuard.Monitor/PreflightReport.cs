using System.Globalization;
using System.Text;

namespace GradGuard.Monitor;

/// <summary>The state that training began in, layer by layer: read in the first batches, told by <see cref="GradientMonitor.Preflight"/>.</summary>
public sealed class PreflightReport
{
    /// <summary>Batches it rests on.</summary>
    public required int Batches { get; init; }

    /// <summary>Root mean square of the model's first input; null where it was not read.</summary>
    public required double? InputRms { get; init; }

    /// <summary>The first loss; null where it is no single number.</summary>
    public required double? Loss { get; init; }

    /// <summary>Layers with weights, in the order of the forward pass.</summary>
    public required IReadOnlyList<PreflightLayer> Layers { get; init; }

    /// <summary>A line a layer.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Batches} batches, input RMS {InputRms:G3}, loss {Loss:G4}");
        foreach (var layer in Layers)
            text.AppendLine().Append(layer);
        return text.ToString();
    }
}

/// <summary>How one layer starts. A figure that was not read, or that the layer does not have, is null.</summary>
public sealed class PreflightLayer
{
    /// <summary>Path as in <c>named_modules()</c>.</summary>
    public required string Layer { get; init; }

    /// <summary>Simple type name.</summary>
    public required string Type { get; init; }

    /// <summary>Standard deviation of the layer's output, its pre-activations, in the first batch.</summary>
    public required double? PreActivationStd { get; init; }

    /// <summary>Share of the outputs of the sigmoid or tanh behind it that lie on the flat ends, in the first batch.</summary>
    public required double? SaturatedShare { get; init; }

    /// <summary>Share of the units of the ReLU behind it that were active for no sample of these batches.</summary>
    public required double? DeadShare { get; init; }

    /// <summary>Root mean square of the gradient of the loss by the layer's output, in the first batch.</summary>
    public required double? GradientRms { get; init; }

    /// <summary>First true update of its weights over their norm.</summary>
    public required double? UpdateRatio { get; init; }

    /// <summary>What is poor about this start; null when nothing is.</summary>
    public required string? Problem { get; init; }

    /// <summary>The figures on one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Layer} ({Type}): std {PreActivationStd:G3}, saturated {SaturatedShare:P0}, dead {DeadShare:P0}, gradient RMS {GradientRms:G3}, update {UpdateRatio:G3}{(Problem is null ? "" : $": {Problem}")}");
}
