using System.Collections.Immutable;
using System.Globalization;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules.Saturation;

/// <summary>GG2001: sigmoid, tanh or softmax behind a matrix product written by hand that nothing scales by its width.</summary>
internal sealed class GG2001UnscaledProduct() : ModelRule(SaturationDescriptors.UnscaledProduct)
{
    public override void Check(ModelContext model)
    {
        foreach (var activation in model.Graph.Nodes.OfType<ActivationNode>())
        {
            if (UnscaledProduct.Before(model, activation) is { } found)
                Report(model, activation, found);
        }
    }

    private static void Report(ModelContext model, ActivationNode activation, UnscaledProduct found) => model.Report(new(
        SaturationDescriptors.UnscaledProduct,
        activation.Location,
        Describe.Activation(activation.Kind),
        found.Product.InnerWidth is { } width ? $" over {Describe.Number(width)} inputs" : "",
        Evidence(model, found))
    {
        Severity = found.SaturatedShare is null ? DiagnosticSeverity.Info : DiagnosticSeverity.Warning,
        AdditionalLocations = ImmutableArray.Create(found.Product.Location),
        Properties = found.Product.InnerWidth is { } fanIn
            ? ImmutableDictionary<string, string?>.Empty.Add(FixProperties.FanIn, fanIn.ToString(CultureInfo.InvariantCulture))
            : ImmutableDictionary<string, string?>.Empty,
    });

    private static string Evidence(ModelContext model, UnscaledProduct found) =>
        found is { SaturatedShare: { } share, Widest: { } weight } && model.Signal[found.Product].Value is { } value
            ? $"{Describe.Layer(weight)} gives pre-activations of std {Describe.Number(value.Std)}, {Describe.Share(share)} of them saturated"
            : "its spread grows with the root of the width, and saturated units pass no gradient";
}
