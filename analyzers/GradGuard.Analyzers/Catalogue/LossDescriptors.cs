using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Catalogue;

/// <summary>GG5xxx: what is minimised, and whether its gradient arrives.</summary>
internal static class LossDescriptors
{
    public static readonly DiagnosticDescriptor DoubledActivation = new(
        id: "GG5001",
        title: "Activation in front of a loss that applies its own",
        messageFormat: "{0} feeds {1}, which applies {2} itself: {3}; hand the loss the raw logits",
        category: RuleCategories.Loss,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG5001"));

    public static readonly DiagnosticDescriptor SigmoidBeforeBce = new(
        id: "GG5002",
        title: "Sigmoid and binary cross-entropy apart",
        messageFormat: "binary_cross_entropy of a sigmoid: above a logit of 17 the sigmoid rounds to 1 in single precision, and a wrong prediction there has no gradient at all; binary_cross_entropy_with_logits takes the logits and keeps it",
        category: RuleCategories.Loss,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG5002"));

    public static readonly DiagnosticDescriptor RawLogits = new(
        id: "GG5003",
        title: "Loss is fed something other than the probabilities it expects",
        messageFormat: "{0} expects {1} and gets {2}: {3}",
        category: RuleCategories.Loss,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG5003"));

    public static readonly DiagnosticDescriptor LogOfActivation = new(
        id: "GG5004",
        title: "Logarithm of a softmax or sigmoid",
        messageFormat: "The logarithm of a {0}: a logit more than 104 below {1} gives 0 in single precision, whose logarithm is −∞ and whose gradient is NaN; {2} computes it without that",
        category: RuleCategories.Loss,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG5004"));

    public static readonly DiagnosticDescriptor ClampedError = new(
        id: "GG5005",
        title: "Clamped error has no gradient beyond the bound",
        messageFormat: "This {0} is clamped before it is minimised: the samples beyond {1}{2} get no gradient at all, and they are the ones that are most wrong; huber_loss and smooth_l1_loss bound the gradient and keep it",
        category: RuleCategories.Loss,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG5005"));

    public static readonly DiagnosticDescriptor GradientCut = new(
        id: "GG5006",
        title: "Gradient cut on the way to backward",
        messageFormat: "{0}, and backward() on line {1} reaches the parameters by no other way: {2}",
        category: RuleCategories.Loss,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG5006"));

    public static readonly DiagnosticDescriptor ZeroOperand = new(
        id: "GG5007",
        title: "Logarithm, root or division without protection from zero",
        messageFormat: "{0}: {1}; add an epsilon",
        category: RuleCategories.Loss,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG5007"));

    public static readonly DiagnosticDescriptor SoftmaxOverOneUnit = new(
        id: "GG5008",
        title: "Softmax over a single unit",
        messageFormat: "A {0} over a single unit is always {1}: it has no gradient and nothing before it learns; use a sigmoid, or one unit a class",
        category: RuleCategories.Loss,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG5008"));

    public static readonly DiagnosticDescriptor BackwardTwice = new(
        id: "GG5009",
        title: "Backward runs twice through one graph",
        messageFormat: "{0}: the second run throws, since the first one frees it; {1}, or pass retain_graph: true to the first",
        category: RuleCategories.Loss,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG5009"));
}
