using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradGuard.Analyzers.Rules;

/// <summary>What a <see cref="ModelRule"/> is handed: one model, its signal, the user's options, and a way to report.</summary>
internal sealed class ModelContext
{
    private readonly AnalyzerOptions _options;
    private readonly Action<Finding> _report;
    private readonly Lazy<SignalReport> _signal;

    public ModelContext(ModelGraph graph, AnalyzerOptions options, Action<Finding> report)
    {
        Graph = graph;
        _options = options;
        _report = report;
        _signal = new(() => SignalReport.Compute(graph));
    }

    public ModelGraph Graph { get; }

    /// <summary>Moments of activations and gradients through <see cref="Graph"/>, computed when the first rule asks.</summary>
    public SignalReport Signal => _signal.Value;

    /// <summary>The user's value of <paramref name="option"/> in the file that holds <paramref name="location"/>.</summary>
    public double Read(RuleOption option, Location location) => option.Read(_options, location);

    /// <summary>Reports <paramref name="finding"/>.</summary>
    public void Report(Finding finding) => _report(finding);
}
