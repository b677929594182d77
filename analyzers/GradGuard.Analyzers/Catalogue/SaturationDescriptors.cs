using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Catalogue;

/// <summary>GG2xxx: activations that start, or end up, without a gradient.</summary>
internal static class SaturationDescriptors
{
    public static readonly DiagnosticDescriptor UnscaledProduct = new(
        id: "GG2001",
        title: "Saturating activation on an unscaled product",
        messageFormat: "{0} of an unscaled matrix product{1}: {2}; scale the product by 1/√fan-in",
        category: RuleCategories.Saturation,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG2001"));
}
