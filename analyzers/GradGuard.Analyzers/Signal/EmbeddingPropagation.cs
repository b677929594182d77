using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Signal;

/// <summary>Rows of a table chosen by indices, taken as uniform: two samples share a row once in as many as there are rows.</summary>
internal static class EmbeddingPropagation
{
    public static ForwardSignal Through(EmbeddingNode node)
    {
        if (WeightMoments.Of(node.Layer.Weight.Distribution, node.Layer.FanIn, node.Layer.FanOut) is not { } table)
            return ForwardSignal.Unknown(node, "embedding of unknown values");
        var value = Moments.Independent(table.Mean, table.Variance);
        var shared = node.Layer.InFeatures is > 0 and var rows ? table.Variance / rows : 0;
        return ForwardSignal.Known(node, value with { AcrossSamples = value.AcrossSamples + shared }, isGaussian: true);
    }
}
