using System.Collections.Concurrent;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Composition;
using GradGuard.Analyzers.Rules;
using GradGuard.Analyzers.Source;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradGuard.Analyzers;

/// <summary>
/// Runs the rules about module code: over each type as its file is edited, then over module classes that code of other files has a say
/// in once more, at the end of the compilation, when that code can be seen. A finding is reported once.
/// </summary>
internal sealed class CompositionAnalysis(TorchSymbols torch, Compilation compilation, AnalyzerOptions options, RuleClock? clock = null)
{
    private readonly Lazy<bool> _needsHooks = new(() => IsWatched(compilation, options) || HookRegistrations.AreIn(compilation));

    private readonly Lazy<bool> _fillsWeights = new(() => WeightFilling.IsIn(compilation));

    private readonly ConcurrentDictionary<(string Id, Location Location), byte> _reported = new();
    private readonly ConcurrentDictionary<INamedTypeSymbol, byte> _unsettled = new(SymbolEqualityComparer.Default);

    /// <summary>Judges one type by what its own files show.</summary>
    /// <param name="type">The type.</param>
    /// <param name="operations">Fresh: what it is asked here says whether other files have a say.</param>
    /// <param name="report">Takes findings.</param>
    public void CheckType(INamedTypeSymbol type, OperationResolver operations, Action<Finding> report)
    {
        Check(type, operations, report);
        if (operations.LookedBeyond && torch.IsUserModule(type))
            _unsettled.TryAdd(type, 0);
    }

    /// <summary>Judges the module classes that their own files did not settle, and reports what no file showed alone.</summary>
    public void CheckCompilation(MemberOperations members, Action<Finding> report)
    {
        if (_unsettled.IsEmpty)
            return;
        var operations = new OperationResolver(members);
        foreach (var type in _unsettled.Keys)
            Check(type, operations, finding => report(finding with { Descriptor = CompilationEnd.Twin(finding.Descriptor) }));
    }

    /// <summary>
    /// True where the program references the monitor and its build does not instrument it. Instrumented code tells the monitor of <c>forward()</c>,
    /// and nobody else: the program's own hooks stay as silent as TorchSharp keeps them.
    /// </summary>
    private static bool IsWatched(Compilation compilation, AnalyzerOptions options) =>
        compilation.ReferencedAssemblyNames.Any(reference => reference.Name == MonitorCalls.AssemblyName)
        && !(options.AnalyzerConfigOptionsProvider.GlobalOptions.TryGetValue("build_property.GradGuardInstrument", out var value)
            && value.Equals("true", StringComparison.OrdinalIgnoreCase));

    private bool MayBeFilledElsewhere(BareGroupNorm norm) =>
        _fillsWeights.Value
        || (norm.Member is { DeclaredAccessibility: not (Accessibility.Private or Accessibility.NotApplicable) } member && WeightFilling.ReachesInto(member.Name, compilation));

    private bool NeedsHooks(ForwardCall call) => call.IsHooked || _needsHooks.Value;

    private void Check(INamedTypeSymbol type, OperationResolver operations, Action<Finding> report)
    {
        var code = ModuleCodeReader.Read(type, operations, torch);
        var context = new CompositionContext(code, NeedsHooks, MayBeFilledElsewhere, finding =>
        {
            if (_reported.TryAdd((finding.Descriptor.Id, finding.Location), 0))
                report(finding);
        });
        foreach (var rule in RuleCatalogue.CompositionRules)
        {
            using (clock?.Start(rule))
                rule.Check(context);
        }
    }
}
