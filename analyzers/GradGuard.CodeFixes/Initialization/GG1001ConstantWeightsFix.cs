using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradGuard.CodeFixes.Initialization;

/// <summary>GG1001: draws the weights at random instead.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG1001ConstantWeightsFix))]
[Shared]
public sealed class GG1001ConstantWeightsFix : InitializerCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG1001ConstantWeightsFix()
        : base("GG1001")
    {
    }
}
