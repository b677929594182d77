using GradGuard.Analyzers.Composition;

namespace GradGuard.Analyzers.Rules;

/// <summary>What a <see cref="CompositionRule"/> is handed: the module code of one type, and a way to report.</summary>
internal sealed class CompositionContext(ModuleCode code, Action<Finding> report)
{
    public ModuleCode Code { get; } = code;

    /// <summary>Reports <paramref name="finding"/>.</summary>
    public void Report(Finding finding) => report(finding);
}
