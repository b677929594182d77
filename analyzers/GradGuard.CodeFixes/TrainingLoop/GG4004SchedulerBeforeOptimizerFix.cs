using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradGuard.CodeFixes.TrainingLoop;

/// <summary>GG4004: moves the scheduler behind the optimizer, or behind the inner loop that steps it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG4004SchedulerBeforeOptimizerFix))]
[Shared]
public sealed class GG4004SchedulerBeforeOptimizerFix : MoveBehindStepCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG4004SchedulerBeforeOptimizerFix()
        : base("GG4004")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Step the scheduler after the optimizer (changes the learning rates)";
}
