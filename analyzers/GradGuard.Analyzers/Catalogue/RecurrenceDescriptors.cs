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

    public static readonly DiagnosticDescriptor CarriedGraph = new(
        id: "GG3003",
        title: "Hidden state carried from batch to batch with its graph",
        messageFormat: "{0} starts each pass of this loop from the state of the pass before, graph and all: the second backward() goes back into the first pass, whose graph is freed, and throws; detach() the state",
        category: RuleCategories.Recurrence,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG3003"));

    public static readonly DiagnosticDescriptor LongPlainRecurrence = new(
        id: "GG3004",
        title: "Plain RNN over a long sequence",
        messageFormat: "{0} is a plain RNN over {1} steps: each step back keeps about {2} of the gradient, so the first step gets {3} of what the last one gets; use an LSTM or GRU, or start its recurrent weights orthogonal{4}",
        category: RuleCategories.Recurrence,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink.For("GG3004"));
}
