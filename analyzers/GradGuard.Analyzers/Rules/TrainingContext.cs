using GradGuard.Analyzers.Training;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradGuard.Analyzers.Rules;

/// <summary>What a <see cref="TrainingRule"/> is handed: one training loop, the modules in it, the user's options, and a way to report.</summary>
internal sealed class TrainingContext(TrainingOrder loop, ModuleTypes modules, AnalyzerOptions options, Action<Finding> report)
{
    public TrainingOrder Loop { get; } = loop;

    /// <summary>What is known of the classes of modules.</summary>
    public ModuleTypes Modules { get; } = modules;

    /// <summary>The user's value of <paramref name="option"/> in the file that holds <paramref name="location"/>.</summary>
    public double Read(RuleOption option, Location location) => option.Read(options, location);

    /// <summary>Reports <paramref name="finding"/>.</summary>
    public void Report(Finding finding) => report(finding);
}
