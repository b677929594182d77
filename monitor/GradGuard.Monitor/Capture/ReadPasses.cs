using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Statistics;

namespace GradGuard.Monitor.Capture;

/// <summary>The forward passes of a step that was read, once backward has run: needs none of its tensors any more.</summary>
/// <param name="sites">Places in the order in which they were first reached.</param>
/// <param name="lastWeightCall">Position of the last call of a layer with weights.</param>
/// <param name="input">Index of the statistics of the model's input; -1 when it was not read.</param>
internal sealed class ReadPasses(LayerSite[] sites, int lastWeightCall, int input)
{
    /// <summary>The records of the places reached.</summary>
    /// <param name="statistics">All statistics of the step.</param>
    public IReadOnlyList<LayerRecord> Records(TensorStatistics[] statistics)
        => Array.ConvertAll(sites, site => site.Record(statistics, site.LastCall >= lastWeightCall, IsTurn(site)));

    /// <summary>Root mean square of the model's input; null when it was not read.</summary>
    public double? InputRms(TensorStatistics[] statistics)
        => input >= 0 && statistics[input] is { IsEvaluated: true } read ? read.Rms : null;

    /// <summary>
    /// Layers with weights may be the W_hh of a recurrence; an activation is its state where the weights are no layer, so that
    /// one recurrence is told of once.
    /// </summary>
    private bool IsTurn(LayerSite site) => site.Layer.Description.HasWeights
        || (site.Layer.Description is { IsFunction: true, Recurrence: RecurrenceKind.PlainCell }
            && !Array.Exists(sites, other => other.Layer.Description.HasWeights && other.Calls.Count == site.Calls.Count));
}
