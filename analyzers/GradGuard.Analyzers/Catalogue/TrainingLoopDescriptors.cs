using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Catalogue;

/// <summary>GG4xxx: the order of things in a training loop.</summary>
internal static class TrainingLoopDescriptors
{
    public static readonly DiagnosticDescriptor GradientsNeverZeroed = new(
        id: "GG4001",
        title: "Gradients are never zeroed in the training loop",
        messageFormat: "Nothing in this loop zeroes the gradients that {0} consumes: backward() adds to those of all earlier iterations, so step n follows the sum of n gradients",
        category: RuleCategories.TrainingLoop,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG4001"));

    public static readonly DiagnosticDescriptor MisplacedClipping = new(
        id: "GG4002",
        title: "Clipping does not stand between backward and step",
        messageFormat: "The gradients are clipped {0}: those that the optimizer consumes are not; clip between backward() and step()",
        category: RuleCategories.TrainingLoop,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG4002"));

    public static readonly DiagnosticDescriptor GradientsErased = new(
        id: "GG4003",
        title: "Gradients are zeroed between backward and step",
        messageFormat: "zero_grad() stands between backward() and step() of {0}: the step sees gradients of zero and nothing is learned",
        category: RuleCategories.TrainingLoop,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG4003"));

    public static readonly DiagnosticDescriptor SchedulerBeforeOptimizer = new(
        id: "GG4004",
        title: "Scheduler steps before the optimizer",
        messageFormat: "{0}.step() runs before the first optimizer step: the initial learning rate is never used and the schedule is one step ahead",
        category: RuleCategories.TrainingLoop,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG4004"));

    public static readonly DiagnosticDescriptor GradientsOff = new(
        id: "GG4005",
        title: "Gradients are switched off where they are needed",
        messageFormat: "{0}",
        category: RuleCategories.TrainingLoop,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG4005"));

    public static readonly DiagnosticDescriptor LearningRateOutOfRange = new(
        id: "GG4006",
        title: "Learning rate out of the optimizer's usual range",
        messageFormat: "A learning rate of {0} is out of the range in which {1} usually trains ({2} to {3})",
        category: RuleCategories.TrainingLoop,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG4006"));

    public static readonly DiagnosticDescriptor TotalKeepsGraph = new(
        id: "GG4007",
        title: "Running total keeps the graph of every loss",
        messageFormat: "{0} adds up tensors that carry their graph: each iteration's graph stays in memory; add the number instead (item<float>())",
        category: RuleCategories.TrainingLoop,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG4007"));

    public static readonly DiagnosticDescriptor EvaluationMode = new(
        id: "GG4008",
        title: "Evaluation and training are not told apart",
        messageFormat: "{0}",
        category: RuleCategories.TrainingLoop,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG4008"));

    public static readonly DiagnosticDescriptor NoDisposeScope = new(
        id: "GG4009",
        title: "Training loop without a dispose scope",
        messageFormat: "No dispose scope in this training loop: every intermediate tensor holds native memory until the garbage collector happens to find it",
        category: RuleCategories.TrainingLoop,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG4009"));

    public static readonly DiagnosticDescriptor ForeignParameters = new(
        id: "GG4010",
        title: "Optimizer holds parameters other than those that are trained",
        messageFormat: "{0}",
        category: RuleCategories.TrainingLoop,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG4010"));
}
