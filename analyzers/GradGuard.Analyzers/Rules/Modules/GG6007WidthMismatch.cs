using System.Collections.Immutable;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules.Modules;

/// <summary>
/// GG6007: a layer whose input width differs from the output width of the layer before it. Only what keeps the width stands between them: anything
/// that reshapes, joins or is not understood ends the search.
/// </summary>
internal sealed class GG6007WidthMismatch() : ModelRule(ModulesDescriptors.WidthMismatch)
{
    public override void Check(ModelContext model)
    {
        foreach (var node in model.Graph.Nodes)
        {
            if (LayerOf(node) is { InFeatures: { } expected } layer && Source(node.Input) is var (source, given) && Clash(node, layer, expected, source, given) is { } severity)
            {
                var unit = source.Kernel.IsEmpty ? "features" : "channels";
                model.Report(new(ModulesDescriptors.WidthMismatch, layer.Location, Describe.Layer(layer), expected, unit, given, Describe.Layer(source))
                {
                    AdditionalLocations = ImmutableArray.Create(source.Location),
                    Severity = severity,
                });
            }
        }
    }

    private static Layer? LayerOf(GraphNode node) => node switch
    {
        AffineNode { Inputs.Length: 1 } affine => affine.Layer,
        RecurrentLayerNode recurrent => recurrent.Layer,
        NormalizationNode normalization => normalization.Layer,
        _ => null,
    };

    /// <summary>The layer that gave the value its width, and that width; null where it is not known.</summary>
    private static (Layer Layer, long Width)? Source(GraphNode node) => node switch
    {
        AffineNode { Layer: { OutFeatures: { } width } layer } => (layer, width),
        EmbeddingNode { Layer: { OutFeatures: { } width } layer } => (layer, width),
        RecurrentLayerNode { Layer: { OutFeatures: { } width } layer } => (layer, layer.Bidirectional ? 2 * width : width),
        TupleItemNode { Index: 0, Input: RecurrentLayerNode recurrent } => Source(recurrent),
        ActivationNode { Kind: not ActivationKind.Glu } or DropoutNode or NormalizationNode or ScaleNode or ElementwiseNode or GradientCutNode => Source(node.Input),
        PoolingNode when Source(node.Input) is { Layer.Kernel.IsEmpty: false } pooled => pooled,
        _ => null,
    };

    /// <summary>
    /// How sure it is that the widths clash, null where they do not, or lie along different dimensions: a convolution's channels stand before its
    /// spatial dimensions, all other widths last.
    /// </summary>
    private static DiagnosticSeverity? Clash(GraphNode node, Layer layer, long expected, Layer source, long given) => node switch
    {
        _ when expected == given => null,
        NormalizationNode { Kind: NormalizationKind.Layer or NormalizationKind.Rms } =>
            // A norm over several dimensions counts them all: a multiple of the last one's width may be right.
            source.Kernel.IsEmpty && expected % given != 0 ? DiagnosticSeverity.Warning : null,
        NormalizationNode when !source.Kernel.IsEmpty => DiagnosticSeverity.Warning,
        // Over [N, T, F] a batch norm counts T, not F.
        NormalizationNode { Kind: NormalizationKind.Batch } => node.Input.Shape.Rank is null ? DiagnosticSeverity.Info
            : node.Input.Shape.Rank is 2 ? DiagnosticSeverity.Warning : null,
        NormalizationNode => null,
        _ => layer.Kernel.Length == source.Kernel.Length ? DiagnosticSeverity.Warning : null,
    };
}
