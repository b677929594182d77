using System.Collections.Immutable;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Rules.Initialization;

/// <summary>GG1002: random weights whose spread, over their fan-in, saturates what follows or makes the signal explode.</summary>
internal sealed class GG1002SpreadTooLarge() : ModelRule(InitializationDescriptors.SpreadTooLarge)
{
    public override void Check(ModelContext model)
    {
        foreach (var layer in model.Graph.Layers.Where(layer => layer.Weight is { IsDefault: false }))
        {
            if (model.Graph.UseOf(layer) is { } use && WeightMoments.Of(layer.Weight.Distribution, layer.FanIn, layer.FanOut) is { Std: > 0 } weights)
                Check(model, layer, use, weights);
        }
    }

    private static void Check(ModelContext model, Layer layer, GraphNode use, WeightMoments weights)
    {
        var following = Downstream.Of(model.Graph, use);
        var advice = InitializerAdvice.For(layer, following);
        if (following.IsNormalized || weights.Std <= advice.Std || model.Signal[use].Value is not { } preActivation)
            return;
        if (IsJudgedAtTheOperation(use, following) || Consequence(model, layer, use, following) is not { } consequence)
            return;

        model.Report(new(
            InitializationDescriptors.SpreadTooLarge,
            layer.Weight.Location,
            Describe.Number(weights.Std),
            Describe.Number(layer.FanIn!.Value),
            Describe.Layer(layer),
            Describe.Number(preActivation.Std),
            consequence,
            Describe.Number(advice.Std!.Value),
            advice.Initializer,
            model.Signal[use].AssumesUnitInput ? " (inputs taken to be of unit RMS)" : "")
        {
            Properties = ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Initializer, advice.Initializer),
        });
    }

    private static string? Consequence(ModelContext model, Layer layer, GraphNode use, Downstream following)
    {
        if (following.Activation is { } activation && model.Signal[activation].SaturatedShare is { } share)
        {
            return share > model.Read(CommonOptions.MaxSaturatedShare, layer.Weight.Location)
                ? $"{Describe.Share(share)} of the {Describe.Activation(activation.Kind)} units start saturated"
                : null;
        }

        var growth = model.Signal[use].Value?.Rms / model.Signal[use.Inputs[0]].Value?.Rms;
        return growth > model.Read(CommonOptions.MaxGrowth, layer.Weight.Location)
            ? $"the signal grows {Describe.Number(growth.Value)} times in this layer, and its gradient on the way back"
            : null;
    }

    /// <summary>A product by hand before a saturating activation is GG2001's, at the activation.</summary>
    private static bool IsJudgedAtTheOperation(GraphNode use, Downstream following) =>
        use is ProductNode && following.Activation is { Kind: ActivationKind.Sigmoid or ActivationKind.Tanh or ActivationKind.Softmax };
}
