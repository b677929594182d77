using GradGuard.Analyzers.Composition;

namespace GradGuard.Analyzers.Rules;

/// <summary>What a <see cref="CompositionRule"/> is handed: the module code of one type, and a way to report.</summary>
internal sealed class CompositionContext(ModuleCode code, Func<ForwardCall, bool> needsHooks, Func<BareGroupNorm, bool> mayBeFilledElsewhere, Action<Finding> report)
{
    public ModuleCode Code { get; } = code;

    /// <summary>
    /// True where the program may look at the module of <paramref name="call"/> through hooks (it registers some, or references GradGuard's monitor),
    /// and only <c>call()</c> runs them: the build does not instrument <c>forward()</c>.
    /// </summary>
    public bool NeedsHooks(ForwardCall call) => needsHooks(call);

    /// <summary>True where code outside of the type may give the norm its first values, or the program loads or fills in weights wholesale.</summary>
    public bool MayBeFilledElsewhere(BareGroupNorm norm) => mayBeFilledElsewhere(norm);

    /// <summary>Reports <paramref name="finding"/>.</summary>
    public void Report(Finding finding) => report(finding);
}
