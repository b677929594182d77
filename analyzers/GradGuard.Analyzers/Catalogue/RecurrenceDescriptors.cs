using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Catalogue;

/// <summary>GG3xxx: gradients through time.</summary>
internal static class RecurrenceDescriptors
{
    public static readonly DiagnosticDescriptor UnclippedRecurrence = new(
        id: "GG3001",
        title: "Recurrent module trained without gradient clipping",
        messageFormat: "{0} is trained without gradient clipping: over T time steps its gradient is multiplied by the transposed W_hh T times and may explode; clip between backward() and step()",
        category: RuleCategories.Recurrence,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG3001"));

    public static readonly DiagnosticDescriptor UnscaledRecurrence = new(
        id: "GG3002",
        title: "Hand-written recurrence over unscaled weights",
        messageFormat: "This loop multiplies by the same matrix again and again: {0}{1} multiplies the gradient by about {2} at each step back, {3}; scale it by 1/√n, start it orthogonal, or use an LSTM{4}",
        category: RuleCategories.Recurrence,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG3002"));
}
