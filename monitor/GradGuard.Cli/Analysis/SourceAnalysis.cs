using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using GradGuard.Analyzers;
using GradGuard.Analyzers.Rules;
using GradGuard.Cli.Input;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradGuard.Cli.Analysis;

/// <summary>Runs the analyzer over what was loaded. The same sources give the same findings in the same order.</summary>
/// <param name="isWanted">Tells by a rule's ID whether its findings are asked for.</param>
/// <param name="findings">Makes what is returned out of the compiler's diagnostics.</param>
internal sealed class SourceAnalysis(Predicate<string> isWanted, FindingFactory findings)
{
    private static readonly HashSet<string> OwnIds = [.. new GradGuardAnalyzer().SupportedDiagnostics.Select(descriptor => descriptor.Id)];

    private readonly RuleClock _clock = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly HashSet<(string Path, int Start, string Name)> _unresolved = [];
    private readonly List<Diagnostic> _diagnostics = [];
    private TimeSpan _analyzing;

    /// <summary>Analyses every unit.</summary>
    /// <param name="target">The sources.</param>
    /// <param name="sinceStart">Running since before they were loaded.</param>
    /// <param name="progress">Told the name of each unit before its turn.</param>
    /// <param name="cancellation">Ends the analysis without a result.</param>
    /// <exception cref="AnalysisException">The analyzer failed on some source.</exception>
    public async Task<AnalysisResult> RunAsync(LoadedTarget target, Stopwatch sinceStart, IProgress<string> progress, CancellationToken cancellation)
    {
        foreach (var (index, unit) in target.Units.Index())
        {
            progress.Report($"analysing {index + 1} of {target.Units.Count}: {unit.Name}");
            await AnalyzeAsync(unit, cancellation);
        }

        if (_faults.TryPeek(out var fault))
            throw new AnalysisException(fault);
        var ordered = _diagnostics
            .Select(findings.Create)
            .OrderBy(finding => finding.Place.Path, StringComparer.Ordinal)
            .ThenBy(finding => finding.Place.Line).ThenBy(finding => finding.Place.Column)
            .ThenBy(finding => finding.Id, StringComparer.Ordinal).ThenBy(finding => finding.Message, StringComparer.Ordinal)
            .DistinctBy(finding => (finding.Id, finding.Place));
        return new(
            [.. ordered], target.Files, target.Units.Count,
            _unresolved.GroupBy(use => use.Name).ToDictionary(uses => uses.Key, uses => uses.Count()),
            target.Skipped, sinceStart.Elapsed, Timings(sinceStart.Elapsed));
    }

    private async Task AnalyzeAsync(SourceUnit unit, CancellationToken cancellation)
    {
        var analyzing = Stopwatch.StartNew();
        var options = new CompilationWithAnalyzersOptions(
            unit.Options, (error, _, _) => _faults.Enqueue($"{unit.Name}: the analyzer failed: {error.Message}"),
            concurrentAnalysis: true, logAnalyzerExecutionTime: false, reportSuppressedDiagnostics: false);
        var driver = unit.Compilation.WithAnalyzers(ImmutableArray.Create<DiagnosticAnalyzer>(new GradGuardAnalyzer(_clock)), options);
        // The compiler's own diagnostics from the same run: asked for apart, they would have it bind every method a second time.
        var all = await driver.GetAllDiagnosticsAsync(cancellation);
        _unresolved.UnionWith(UnresolvedNames.In(all));
        _diagnostics.AddRange(all.Where(diagnostic =>
            OwnIds.Contains(diagnostic.Id) && diagnostic.Severity != DiagnosticSeverity.Hidden && diagnostic.Location.IsInSource && isWanted(diagnostic.Id)));
        _analyzing += analyzing.Elapsed;
    }

    private List<Timing> Timings(TimeSpan all) =>
    [
        .. _clock.Times.Select(rule => new Timing(rule.Key, rule.Value)).OrderByDescending(timing => timing.Time),
        new("reading files", all - _analyzing),
        new("compiling and analysis, rules included", _analyzing),
    ];
}
