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

    public static readonly DiagnosticDescriptor DeepSaturation = new(
        id: "GG2002",
        title: "Too many saturating activations in a row",
        messageFormat: "The gradient at {0} starts at {1} of that at {2}: the {3} {4} activations between them pass {5} of it; "
            + "use ReLU or one of its family, or a normalization layer before each{6}",
        category: RuleCategories.Saturation,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG2002"));
}
