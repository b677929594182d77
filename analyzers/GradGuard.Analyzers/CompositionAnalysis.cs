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
/// Runs the rules about module code: over each type as its file is edited, then over module classes once more at the end of the compilation, when
/// base classes in other files can be seen. A finding is reported once.
/// </summary>
internal sealed class CompositionAnalysis(TorchSymbols torch, Compilation compilation, AnalyzerOptions options, RuleClock? clock = null)
{
    private readonly bool _isInstrumented = IsInstrumented(options);
    private readonly Lazy<bool> _needsHooks = new(() =>
        compilation.ReferencedAssemblyNames.Any(reference => reference.Name == MonitorCalls.AssemblyName) || HookRegistrations.AreIn(compilation));

    private readonly ConcurrentDictionary<(string Id, Location Location), byte> _reported = new();

    /// <summary>Judges one type by what its own files show.</summary>
    public void CheckType(INamedTypeSymbol type, OperationResolver operations, Action<Finding> report) =>
        Check(type, operations, report);

    /// <summary>Judges the module classes of the compilation and reports what no file showed alone.</summary>
    public void CheckCompilation(MemberOperations members, Action<Finding> report)
    {
        var operations = new OperationResolver(members);
        var types = members.Members.Select(member => member.ContainingType).Where(torch.IsUserModule);
        foreach (var type in new HashSet<INamedTypeSymbol>(types, SymbolEqualityComparer.Default))
            Check(type, operations, finding => report(finding with { Descriptor = CompilationEnd.Twin(finding.Descriptor) }));
    }

    /// <summary>True where the build turns <c>forward()</c> into <c>call()</c>, as GradGuard's generator does on request.</summary>
    private static bool IsInstrumented(AnalyzerOptions options) =>
        options.AnalyzerConfigOptionsProvider.GlobalOptions.TryGetValue("build_property.GradGuardInstrument", out var value)
        && value.Equals("true", StringComparison.OrdinalIgnoreCase);

    private bool NeedsHooks(ForwardCall call) => !_isInstrumented && (call.IsHooked || _needsHooks.Value);

    private void Check(INamedTypeSymbol type, OperationResolver operations, Action<Finding> report)
    {
        var code = ModuleCodeReader.Read(type, operations, torch);
        var context = new CompositionContext(code, NeedsHooks, finding =>
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
