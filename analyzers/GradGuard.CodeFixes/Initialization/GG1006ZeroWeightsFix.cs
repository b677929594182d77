using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradGuard.CodeFixes.Initialization;

/// <summary>GG1006: draws the weights at random instead.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG1006ZeroWeightsFix))]
[Shared]
public sealed class GG1006ZeroWeightsFix : InitializerCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG1006ZeroWeightsFix()
        : base("GG1006")
    {
    }
}
