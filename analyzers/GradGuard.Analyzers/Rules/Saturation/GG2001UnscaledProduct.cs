using System.Collections.Immutable;
using System.Globalization;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules.Saturation;

/// <summary>GG2001: sigmoid, tanh or softmax behind a matrix product written by hand that nothing scales by its width.</summary>
internal sealed class GG2001UnscaledProduct() : ModelRule(SaturationDescriptors.UnscaledProduct)
{
    public override void Check(ModelContext model)
    {
        foreach (var activation in model.Graph.Nodes.OfType<ActivationNode>())
        {
            if (activation.Kind is ActivationKind.Sigmoid or ActivationKind.Tanh or ActivationKind.Softmax
                && UnscaledProductBehind(activation.Input) is { } product
                && !product.ReadsCarriedState
                && !(product.IsBetweenActivations && activation.Kind is ActivationKind.Softmax))
                Check(model, activation, product);
        }
    }

    private static void Check(ModelContext model, ActivationNode activation, ProductNode product)
    {
        var (share, severity) = (Share(model, activation, product), DiagnosticSeverity.Info);
        if (share is { } known)
        {
            if (known <= model.Read(CommonOptions.MaxSaturatedShare, activation.Location))
                return;
            severity = DiagnosticSeverity.Warning;
        }

        model.Report(new(
            SaturationDescriptors.UnscaledProduct,
            activation.Location,
            Describe.Activation(activation.Kind),
            product.InnerWidth is { } width ? $" over {Describe.Number(width)} inputs" : "",
            Evidence(model, product, share))
        {
            Severity = severity,
            AdditionalLocations = ImmutableArray.Create(product.Location),
            Properties = product.InnerWidth is { } fanIn
                ? ImmutableDictionary<string, string?>.Empty.Add(FixProperties.FanIn, fanIn.ToString(CultureInfo.InvariantCulture))
                : ImmutableDictionary<string, string?>.Empty,
        });
    }

    private static string Evidence(ModelContext model, ProductNode product, double? share) =>
        share is { } known && Widest(product) is { } weight && model.Signal[product].Value is { } value
            ? $"{Describe.Layer(weight)} gives pre-activations of std {Describe.Number(value.Std)}, {Describe.Share(known)} of them saturated"
            : "its spread grows with the root of the width, and saturated units pass no gradient";

    /// <summary>The predicted share, where the program shows what a weight starts from.</summary>
    private static double? Share(ModelContext model, ActivationNode activation, ProductNode product) =>
        Widest(product) is not null ? model.Signal[activation].SaturatedShare : null;

    /// <summary>The operand to blame: of those whose first values are known the one with the largest spread.</summary>
    private static Layer? Widest(ProductNode product) => product.Weights
        .Select(weight => (weight.Layer, Spread: WeightMoments.Of(weight.Layer.Weight.Distribution, product.InnerWidth, fanOut: null)))
        .Where(weight => weight.Spread is not null)
        .OrderByDescending(weight => weight.Spread!.Value.Std)
        .FirstOrDefault().Layer;

    /// <summary>The product below, past reshapes, biases and factors that do not shrink it; null where a number unknown here may scale it.</summary>
    private static ProductNode? UnscaledProductBehind(GraphNode node) => node switch
    {
        ProductNode product => product,
        ReshapeNode or DropoutNode => UnscaledProductBehind(node.Input),
        ScaleNode { Factor: { } factor } when Math.Abs(factor) >= 1 => UnscaledProductBehind(node.Input),
        AddNode => UnscaledProductBehind(node.Inputs[0]) ?? UnscaledProductBehind(node.Inputs[1]),
        _ => null,
    };
}
