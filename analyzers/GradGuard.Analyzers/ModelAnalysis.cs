using System.Collections.Concurrent;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Graph.Building;
using GradGuard.Analyzers.Rules;
using GradGuard.Analyzers.Source;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradGuard.Analyzers;

/// <summary>
/// Runs the model rules: over each type as its file is edited, then over the types that build on code of other files once more, at the end of the
/// compilation, when that code can be seen. A model followed from several places is reported once.
/// </summary>
internal sealed class ModelAnalysis(TorchSymbols torch, RuleClock? clock = null)
{
    private readonly ConcurrentDictionary<(string Id, Location Location), byte> _reported = new();
    private readonly ConcurrentBag<INamedTypeSymbol> _unsettled = [];

    /// <summary>Judges the models of one type by what their own files show.</summary>
    public void CheckType(INamedTypeSymbol type, OperationResolver operations, AnalyzerOptions options, Action<Finding> report, CancellationToken cancellation)
    {
        var graphs = GraphBuilder.BuildAll(type, operations, torch, cancellation).ToList();
        if (graphs.Exists(graph => graph.Unknowns.Any() && (operations.MissedCode || graph.Nodes.Any(node => node is LossNode or BackwardNode))))
            _unsettled.Add(type);
        Check(graphs, RuleCatalogue.ModelRules, options, report);
    }

    /// <summary>Judges the models that no file settled alone.</summary>
    public void CheckCompilation(MemberOperations members, AnalyzerOptions options, Action<Finding> report, CancellationToken cancellation)
    {
        if (_unsettled.IsEmpty)
            return;
        var operations = OperationResolver.OfCompilation(members);
        foreach (var type in _unsettled.OrderBy(type => type.ToDisplayString(), StringComparer.Ordinal))
        {
            Check(
                GraphBuilder.BuildAll(type, operations, torch, cancellation),
                RuleCatalogue.ModelRules,
                options,
                finding => report(finding with { Descriptor = CompilationEnd.Twin(finding.Descriptor) }));
        }
    }

    private void Check(IEnumerable<ModelGraph> graphs, IReadOnlyCollection<ModelRule> rules, AnalyzerOptions options, Action<Finding> report)
    {
        foreach (var graph in graphs)
        {
            var model = new ModelContext(graph, options, finding =>
            {
                if (_reported.TryAdd((finding.Descriptor.Id, finding.Location), 0))
                    report(finding);
            });
            foreach (var rule in rules)
            {
                using (clock?.Start(rule))
                    rule.Check(model);
            }
        }
    }
}
