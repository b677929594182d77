using System.Collections.Immutable;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules.Initialization;

/// <summary>GG1005: a bias so far below zero that the pre-activations never reach the side of a rectifier that lets a gradient pass.</summary>
internal sealed class GG1005DeadBias() : ModelRule(InitializationDescriptors.DeadBias)
{
    /// <summary>Predicted share of units that stay silent over <see cref="UnitShares.DeadAfterSamples"/> samples above which a layer counts as dead.</summary>
    public static readonly RuleOption MaxDeadShare = new("max_dead_share", 0.5);

    public override void Check(ModelContext model)
    {
        var reported = new HashSet<Location>();
        foreach (var activation in model.Graph.Nodes.OfType<ActivationNode>())
        {
            if (model.Signal[activation].DeadShare is { } share
                && BiasBelow(activation.Input) is { Mean: < 0 } bias
                && share > model.Read(MaxDeadShare, bias.Location)
                && model.Signal[activation.Input].Value is { } preActivation
                && -bias.Mean > preActivation.Std
                && reported.Add(bias.Location))
                Report(model, activation, bias, preActivation, share);
        }
    }

    private static void Report(ModelContext model, ActivationNode activation, Bias bias, Moments preActivation, double share) =>
        model.Report(new(
            InitializationDescriptors.DeadBias,
            bias.Location,
            Describe.Number(bias.Mean),
            bias.Owner switch
            {
                null => "this product",
                { Kind: LayerKind.Parameter } tensor => $"the product that {Describe.Layer(tensor)} is added to",
                var layer => Describe.Layer(layer),
            },
            Describe.Number(preActivation.Std),
            Describe.Share(share),
            Describe.Activation(activation.Kind),
            model.Signal[activation].AssumesUnitInput ? " (inputs taken to be of unit RMS)" : "")
        {
            AdditionalLocations = ImmutableArray.Create(activation.Location),
            Properties = bias.Owner is null
                ? ImmutableDictionary<string, string?>.Empty
                : ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Initializer, "zeros_"),
        });

    /// <summary>The bias that a pre-activation starts from: a layer's own, a tensor added by hand, or a number added to a product.</summary>
    private static Bias? BiasBelow(GraphNode node) => node switch
    {
        AffineNode { Layer: { Bias: { IsDefault: false } bias } layer } => Of(layer, bias),
        AddNode { IsDifference: false } add when add.Inputs.OfType<TensorNode>().FirstOrDefault() is { } tensor => Of(tensor.Layer, tensor.Layer.Weight),
        ScaleNode { Factor: 1, Offset: { } offset, Input: ProductNode { IsBetweenActivations: false } } => new(null, node.Location, offset),
        ReshapeNode or PoolingNode => BiasBelow(node.Input),
        _ => null,
    };

    private static Bias? Of(Layer layer, Graph.Initialization bias) =>
        WeightMoments.Of(bias.Distribution, layer.FanIn, layer.FanOut) is { } moments ? new(layer, bias.Location, moments.Mean) : null;

    /// <param name="Owner">The layer or tensor that holds the bias, null for a plain number.</param>
    /// <param name="Location">Where it gets its first values.</param>
    /// <param name="Mean">Mean of those.</param>
    private sealed record Bias(Layer? Owner, Location Location, double Mean);
}
