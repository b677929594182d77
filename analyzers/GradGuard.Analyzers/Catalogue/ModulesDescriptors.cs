using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Catalogue;

/// <summary>GG6xxx: how modules are put together, and what can be seen of them.</summary>
internal static class ModulesDescriptors
{
    public static readonly DiagnosticDescriptor ForwardCalled = new(
        id: "GG6001",
        title: "forward() skips the module's hooks",
        messageFormat: "forward() of '{0}' skips the hooks that call() runs: {1}",
        category: RuleCategories.Modules,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG6001"));

    public static readonly DiagnosticDescriptor NeverRegistered = new(
        id: "GG6002",
        title: "Module or parameter is never registered",
        messageFormat: "{0}: parameters() does not list it, so no optimizer trains it, and train(), eval(), to() and save() pass it by",
        category: RuleCategories.Modules,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG6002"));

    public static readonly DiagnosticDescriptor RegisteredTooEarly = new(
        id: "GG6003",
        title: "Base class registers components before the derived class makes them",
        messageFormat: "{0} is made after the constructor of {1} has called RegisterComponents(), which runs once: nothing registers it, so no optimizer trains it; make it in a field initializer, which runs before the base constructor",
        category: RuleCategories.Modules,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG6003"));

    public static readonly DiagnosticDescriptor UnusedLayer = new(
        id: "GG6004",
        title: "Layer is made but never used",
        messageFormat: "No code of {1} uses '{0}': the layer gets no gradient, keeps its first values, and is saved and loaded with the rest",
        category: RuleCategories.Modules,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG6004"));

    public static readonly DiagnosticDescriptor EndlessDropout = new(
        id: "GG6005",
        title: "Functional dropout ignores eval()",
        messageFormat: "{0} without 'training:' drops values in evaluation too: its default is true, whatever eval() says; pass 'training: training'",
        category: RuleCategories.Modules,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG6005"));

    public static readonly DiagnosticDescriptor MonitorMisuse = new(
        id: "GG6006",
        title: "Monitor does not see the gradients of the step",
        messageFormat: "{0}",
        category: RuleCategories.Modules,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG6006"));

    public static readonly DiagnosticDescriptor WidthMismatch = new(
        id: "GG6007",
        title: "Neighbouring layers have different widths",
        messageFormat: "{0} takes {1} {2} but gets the {3} of {4}: the first call throws",
        category: RuleCategories.Modules,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG6007"));
}
