using GradGuard.Analyzers.Composition;

namespace GradGuard.Analyzers.Rules;

/// <summary>What a <see cref="CompositionRule"/> is handed: the module code of one type, and a way to report.</summary>
internal sealed class CompositionContext(ModuleCode code, Func<ForwardCall, bool> needsHooks, Action<Finding> report)
{
    public ModuleCode Code { get; } = code;

    /// <summary>
    /// True where the program may look at the module of <paramref name="call"/> through hooks (it registers some, or references GradGuard's monitor),
    /// and only <c>call()</c> runs them: the build does not instrument <c>forward()</c>.
    /// </summary>
    public bool NeedsHooks(ForwardCall call) => needsHooks(call);

    /// <summary>Reports <paramref name="finding"/>.</summary>
    public void Report(Finding finding) => report(finding);
}
