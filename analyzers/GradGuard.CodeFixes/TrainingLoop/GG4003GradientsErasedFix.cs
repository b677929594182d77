using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradGuard.CodeFixes.TrainingLoop;

/// <summary>GG4003: moves the zero_grad to just after the step.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG4003GradientsErasedFix))]
[Shared]
public sealed class GG4003GradientsErasedFix : MoveBehindStepCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG4003GradientsErasedFix()
        : base("GG4003")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Zero the gradients after step() (changes the updates)";
}
