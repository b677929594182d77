using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;

namespace GradGuard.Analyzers.Rules.Initialization;

/// <summary>One layer of a <see cref="HiddenStack"/>.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Use">Where its weights multiply a value.</param>
/// <param name="Following">What its result meets first.</param>
/// <param name="Advice">The initializer that would fit.</param>
/// <param name="Std">Standard deviation of its first weights; null where not known.</param>
/// <param name="HandsBack">RMS gradient at the layer below over that at this one, activation included; null for the first layer or where not known.</param>
internal sealed record StackedLayer(Layer Layer, GraphNode Use, Downstream Following, InitializerAdvice Advice, double? Std, double? HandsBack)
{
    /// <summary>Spread over the advised spread; null where either is not known, or where a normalization undoes the spread.</summary>
    public double? Shortfall => Following.IsNormalized || Std is not > 0 ? null : Std / Advice.Std;

    public static StackedLayer Of(ModelContext model, Layer layer, GraphNode use, GraphNode? below)
    {
        var following = Downstream.Of(model.Graph, use);
        return new(
            layer,
            use,
            following,
            InitializerAdvice.For(layer, following),
            WeightMoments.Of(layer)?.Std,
            below is null ? null : model.Signal.RatioBetween(below, use));
    }
}
