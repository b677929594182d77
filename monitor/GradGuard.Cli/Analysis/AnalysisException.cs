namespace GradGuard.Cli.Analysis;

/// <summary>GradGuard itself failed: what it would say is not the whole truth, so it says nothing.</summary>
internal sealed class AnalysisException(string message) : Exception(message);
