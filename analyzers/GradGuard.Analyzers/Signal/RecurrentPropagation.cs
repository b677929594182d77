using System.Collections.Immutable;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Signal;

/// <summary>Fused recurrent layers and cells.</summary>
internal static class RecurrentPropagation
{
    /// <summary>Steps followed where the length is not known: enough for every contracting recurrence to settle.</summary>
    private const int SettlingSteps = 100;

    /// <summary>Longer sequences are followed this far.</summary>
    private const int MaxSteps = 1000;

    public static ForwardSignal Through(RecurrentLayerNode node, ForwardSignal[] inputs)
    {
        if (inputs[0].Value is not { } x)
            return ForwardSignal.Unknown(node, inputs[0].UnknownBecause);
        if (inputs.FirstOrDefault(input => input.Value is null) is { } missing)
            return ForwardSignal.Unknown(node, missing.UnknownBecause);
        if (CellsOf(node) is not { } cells)
            return ForwardSignal.Unknown(node, "recurrent weights of unknown values or width");
        if (node.Layer.Depth > 1 && node.Layer.Dropout is not 0)
            return ForwardSignal.Unknown(node, "recurrent layer with dropout between its stacked layers");

        var steps = (int)Math.Min(MaxSteps, node.Steps ?? SettlingSteps);
        if (UnrolledRecurrence.Of(cells, x, steps, InitialState(inputs)) is not { } unrolled)
            return ForwardSignal.Unknown(node, "the state overflows or is not known");

        var signal = ForwardSignal.Known(node, unrolled.Outputs, isGaussian: false, [.. Edges(node, unrolled, RecurrentOutput.Sequence)]);
        return signal with
        {
            Recurrence = new(SpectralRadius.Of(node.Layer.RecurrentWeight!.Distribution, node.Layer.OutFeatures), unrolled.GradientGainPerStep, node.Steps),
            Unrolled = unrolled,
        };
    }

    /// <summary>One of the results: the whole sequence, or the state after the last step.</summary>
    public static ForwardSignal Item(GraphNode node, RecurrentLayerNode layer, ForwardSignal recurrent, RecurrentOutput output)
    {
        if (recurrent.Unrolled is not { } unrolled)
            return ForwardSignal.Unknown(node, recurrent.UnknownBecause);
        var value = output switch
        {
            RecurrentOutput.Sequence => unrolled.Outputs,
            RecurrentOutput.LastHidden => unrolled.Last.Hidden,
            _ => unrolled.Last.Memory,
        };
        return ForwardSignal.Known(
            node,
            value,
            isGaussian: false,
            [.. Edges(layer, unrolled, output), new GradientEdge(layer, gradient => gradient, GradientPath.Observed)]);
    }

    private static CellState InitialState(ForwardSignal[] inputs) =>
        new(inputs.Length > 1 ? inputs[1].Value!.Value : default, inputs.Length > 2 ? inputs[2].Value!.Value : default);

    /// <summary>
    /// To the layer's input, averaged over the steps, and to the state it starts from: hidden, then memory. Not known for a sequence of unknown length, nor to the
    /// states of stacked layers or of two directions.
    /// </summary>
    private static IEnumerable<GradientEdge> Edges(RecurrentLayerNode node, UnrolledRecurrence unrolled, RecurrentOutput output)
    {
        var directions = node.Layer.Bidirectional ? 2 : 1;
        yield return new(node.Input, gradient => node.Steps is null ? null : unrolled.ToInput(gradient, output)?.Amplify(directions));
        var isOneState = node is { Layer: { Depth: 1, Bidirectional: false }, Steps: not null };
        for (var i = 1; i < node.Inputs.Length; i++)
        {
            var isHidden = i == 1;
            yield return new(node.Inputs[i], gradient => !isOneState || unrolled.ToInitialState(gradient, output) is not { } state ? null : isHidden ? state.Hidden : state.Memory);
        }
    }

    private static ImmutableArray<RecurrentCell>? CellsOf(RecurrentLayerNode node)
    {
        var layer = node.Layer;
        if (layer.OutFeatures is not { } hidden || layer.RecurrentWeight is null || layer.Depth is not { } depth)
            return null;
        var gates = layer.Kind switch
        {
            LayerKind.Lstm or LayerKind.LstmCell => 4,
            LayerKind.Gru or LayerKind.GruCell => 3,
            _ => 1,
        };
        var bias = BiasOf(layer, hidden);
        if (bias is null || Map(layer.RecurrentWeight.Distribution, hidden, hidden, gates, default) is not { } recurrent)
            return null;

        var cells = ImmutableArray.CreateBuilder<RecurrentCell>();
        for (var level = 0; level < depth; level++)
        {
            var width = level == 0 ? layer.InFeatures : hidden * (layer.Bidirectional ? 2 : 1);
            if (Map(layer.Weight.Distribution, width, hidden, gates, bias.Value) is not { } input)
                return null;
            cells.Add(gates switch
            {
                4 => new LstmCell(input, recurrent),
                3 => new GruCell(input, recurrent),
                _ => new ElmanCell(input, recurrent, ActivationFunction.Of(node.UsesRelu ? ActivationKind.Relu : ActivationKind.Tanh, null)!),
            });
        }
        return cells.ToImmutable();
    }

    /// <summary>The two biases together. The library draws both, and all weights, from U(±1/√hidden).</summary>
    private static WeightMoments? BiasOf(Layer layer, long hidden)
    {
        if (!layer.HasBias)
            return default(WeightMoments);
        return layer.Bias is { } bias && WeightMoments.Of(bias.Distribution, hidden, hidden) is { } one ? new(2 * one.Mean, Math.Sqrt(2) * one.Std) : null;
    }

    private static AffineMap? Map(WeightDistribution law, long? width, long hidden, int gates, WeightMoments bias)
    {
        var fanIn = law is WeightDistribution.FanInUniform ? hidden : width;
        if (width is not { } inputs || WeightMoments.Of(law, fanIn, gates * hidden) is not { } weight)
            return null;
        return new()
        {
            Gain = inputs * weight.Variance,
            BackwardGain = hidden * weight.Variance,
            Inputs = inputs,
            Outputs = hidden,
            WeightMean = weight.Mean,
            Bias = bias,
        };
    }
}

/// <summary>Which result of a recurrent layer is meant; the order is that of the returned tuple.</summary>
internal enum RecurrentOutput
{
    Sequence,
    LastHidden,
    LastMemory,
}
