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

    public static readonly DiagnosticDescriptor UnscaledAttention = new(
        id: "GG2003",
        title: "Attention scores without 1/√d",
        messageFormat: "Attention scores over {0} features go into softmax unscaled: {1}, and a softmax of widely spread scores passes little gradient; divide them by √{0}",
        category: RuleCategories.Saturation,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG2003"));

    public static readonly DiagnosticDescriptor HandWrittenActivation = new(
        id: "GG2004",
        title: "Sigmoid or softmax written by hand",
        messageFormat: "This {0} written over exp overflows beyond 88 in single precision, and the gradient is NaN there; {1} computes it safely",
        category: RuleCategories.Saturation,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG2004"));

    public static readonly DiagnosticDescriptor ReluBeforeLoss = new(
        id: "GG2005",
        title: "ReLU between the last layer and the loss",
        messageFormat: "ReLU is the last step before {0}: an output below zero gets no gradient; {1}",
        category: RuleCategories.Saturation,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG2005"));

    public static readonly DiagnosticDescriptor DeepRectifiers = new(
        id: "GG2006",
        title: "Deep stack of rectified layers with default weights",
        messageFormat: "{0} {1} layers in a row start with the library's default weights: {2} gets {3} of the gradient at {4}{5}; "
            + "draw the weights by kaiming_uniform_ or put a normalization layer before each activation{6}",
        category: RuleCategories.Saturation,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG2006"));

    public static readonly DiagnosticDescriptor LinearAfterLinear = new(
        id: "GG2007",
        title: "Linear layer behind a linear layer",
        messageFormat: "No non-linearity stands between {0} and {1}: together they compute what {2}; put an activation between them",
        category: RuleCategories.Saturation,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG2007"));
}
