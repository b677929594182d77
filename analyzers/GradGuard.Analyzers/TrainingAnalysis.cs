using System.Collections.Concurrent;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Rules;
using GradGuard.Analyzers.Source;
using GradGuard.Analyzers.Torch;
using GradGuard.Analyzers.Training;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradGuard.Analyzers;

/// <summary>
/// Runs the training rules: over each type as its file is edited, then over the whole compilation for what only several files together show. A
/// finding is reported once.
/// </summary>
internal sealed class TrainingAnalysis(TorchSymbols torch, RuleClock? clock = null)
{
    private readonly TraceSource _traces = new(torch);
    private readonly ConcurrentDictionary<(string Id, Location Location), byte> _reported = new();

    /// <summary>Judges the members of one type by what their own files show.</summary>
    public void CheckType(MemberOperations members, OperationResolver operations, AnalyzerOptions options, Action<Finding> report)
    {
        var index = new TraceIndex(members.Members, operations, isWhole: false, torch, _traces);
        foreach (var finding in FindingsOf(index, options))
        {
            if (_reported.TryAdd((finding.Descriptor.Id, finding.Location), 0))
                report(finding);
        }
    }

    /// <summary>Judges all members of the compilation together and reports what no file showed alone.</summary>
    public void CheckCompilation(MemberOperations members, AnalyzerOptions options, Action<Finding> report)
    {
        var index = new TraceIndex(members.Members, new OperationResolver(members), isWhole: true, torch, _traces);
        foreach (var finding in FindingsOf(index, options))
        {
            if (_reported.TryAdd((finding.Descriptor.Id, finding.Location), 0))
                report(finding with { Descriptor = CompilationEnd.Twin(finding.Descriptor) });
        }
    }

    /// <summary>One finding a place: of several views of it, the one that a code fix can use.</summary>
    private IEnumerable<Finding> FindingsOf(TraceIndex index, AnalyzerOptions options)
    {
        var findings = new List<Finding>();
        var modules = new ModuleTypes(index, index.Torch);
        foreach (var trace in index.Roots.Where(index.Trains))
        {
            var context = new TrainingContext(TrainingOrder.Of(trace, index), modules, options, findings.Add);
            foreach (var rule in RuleCatalogue.TrainingRules)
            {
                using (clock?.Start(rule))
                    rule.Check(context);
            }
        }

        return findings
            .GroupBy(finding => (finding.Descriptor.Id, finding.Location))
            .Select(views => views.OrderByDescending(view => view.Properties.Count).First());
    }
}
