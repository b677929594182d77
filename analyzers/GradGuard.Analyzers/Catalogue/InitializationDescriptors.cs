using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Catalogue;

/// <summary>GG1xxx: how weights start.</summary>
internal static class InitializationDescriptors
{
    public static readonly DiagnosticDescriptor ConstantWeights = new(
        id: "GG1001",
        title: "Weights start as one constant",
        messageFormat: "Every weight of {0} starts at {1}: all its units compute and learn the same; draw the weights at random instead ({2})",
        category: RuleCategories.Initialization,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG1001"));

    public static readonly DiagnosticDescriptor SpreadTooLarge = new(
        id: "GG1002",
        title: "Weights start with too large a spread",
        messageFormat: "Weights of std {0} over fan-in {1} give {2} pre-activations of std {3}: {4}; a std of {5} ({6}) keeps the gradient alive{7}",
        category: RuleCategories.Initialization,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG1002"));

    public static readonly DiagnosticDescriptor SpreadTooSmall = new(
        id: "GG1003",
        title: "Weights start with too small a spread",
        messageFormat: "{0} let {1} hand back {2} of the gradient it gets, so that {3} starts with {4} of that at {5}; a std of {6} ({7}) keeps its size{8}",
        category: RuleCategories.Initialization,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG1003"));

    public static readonly DiagnosticDescriptor WrongGain = new(
        id: "GG1004",
        title: "Weights drawn with a gain that does not fit the activation",
        messageFormat: "{0} let {1} hand back {2} of the gradient it gets, so that {3} starts with {4} of that at {5}; a std of {6} ({7}) keeps its size{8}",
        category: RuleCategories.Initialization,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG1004"));

    public static readonly DiagnosticDescriptor DeadBias = new(
        id: "GG1005",
        title: "Bias starts rectified units dead",
        messageFormat: "A bias of {0} puts the pre-activations of {1} (std {2}) out of reach: {3} of the {4} units start dead and get no gradient to recover; start it at zero{5}",
        category: RuleCategories.Initialization,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG1005"));

    public static readonly DiagnosticDescriptor ZeroWeights = new(
        id: "GG1006",
        title: "Hidden layer starts with zero weights",
        messageFormat: "Every weight of {0} starts at zero: {1}; draw the weights at random instead ({2})",
        category: RuleCategories.Initialization,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG1006"));

    public static readonly DiagnosticDescriptor RecurrentSpread = new(
        id: "GG1007",
        title: "Recurrent weights let the gradient explode or vanish through time",
        messageFormat: "Recurrent weights of {0}{1} multiply the gradient by about {2} at each step back, {3}; start them orthogonal{4}",
        category: RuleCategories.Initialization,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG1007"));

    public static readonly DiagnosticDescriptor BareGroupNorm = new(
        id: "GG1008",
        title: "GroupNorm starts from uninitialised memory",
        messageFormat: "{0} starts from uninitialised memory: TorchSharp leaves {1} of a GroupNorm as they are found, and NaN or huge numbers are common there; call {2}",
        category: RuleCategories.Initialization,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG1008"));
}
