using System.Collections.Immutable;
using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Rules.Initialization;

/// <summary>
/// The hidden layers of a <see cref="LayerChain"/>, with what their first weights do to the gradient on its way through them. The output layer is none of
/// them: it may start as small as it likes. A chain whose result is joined with another value is left out, because the gradient has a second way.
/// </summary>
internal sealed class HiddenStack
{
    private HiddenStack(ImmutableArray<StackedLayer> layers, double gradientRatio, bool assumesUnitInput)
    {
        Layers = layers;
        GradientRatio = gradientRatio;
        AssumesUnitInput = assumesUnitInput;
    }

    /// <summary>In the order of the forward pass, at least two.</summary>
    public ImmutableArray<StackedLayer> Layers { get; }

    public StackedLayer First => Layers[0];

    public StackedLayer Last => Layers[Layers.Length - 1];

    /// <summary>RMS gradient at the first layer's pre-activation over that at the last one's.</summary>
    public double GradientRatio { get; }

    public bool AssumesUnitInput { get; }

    /// <summary>The layers whose weights the gradient goes through between the two ends.</summary>
    public IEnumerable<StackedLayer> Between => Layers.Skip(1);

    /// <summary>
    /// True where at least half of what the gradient loses, by its logarithm, would be won back by the advised spread for <paramref name="suspects"/>:
    /// (∏ σ/σ_advised)² ≤ the ratio.
    /// </summary>
    public bool AreToBlame(IEnumerable<StackedLayer> suspects)
    {
        var shortfall = suspects.Aggregate(1.0, (product, layer) => product * layer.Shortfall!.Value);
        return shortfall < 1 && shortfall * shortfall <= GradientRatio;
    }

    /// <summary>The stacks of a model whose gradient ratio is known.</summary>
    public static IEnumerable<HiddenStack> In(ModelContext model)
    {
        foreach (var chain in LayerChain.In(model.Graph))
        {
            var last = chain.Layers[chain.Layers.Length - 1].Use;
            var isHidden = HiddenBehind.Of(model.Graph, last) is not null;
            if (!isHidden && !OutputPath.IsOutput(model.Graph, last))
                continue;
            var uses = chain.Layers.Take(chain.Layers.Length - (isHidden ? 0 : 1)).ToArray();
            if (uses.Length < 2 || model.Signal.RatioBetween(uses[0].Use, uses[uses.Length - 1].Use) is not { } ratio)
                continue;
            yield return new(
                [.. uses.Select((step, index) => StackedLayer.Of(model, step.Layer, step.Use, index == 0 ? null : uses[index - 1].Use))],
                ratio,
                model.Signal[uses[0].Use].AssumesUnitInput);
        }
    }
}
