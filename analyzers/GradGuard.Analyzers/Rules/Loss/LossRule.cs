using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules.Loss;

/// <summary>
/// A rule that relates a loss to what feeds it. The two often lie in different files, so it runs once more over the whole compilation for the
/// losses whose input no single file shows.
/// </summary>
internal abstract class LossRule(params DiagnosticDescriptor[] descriptors) : ModelRule(descriptors);
