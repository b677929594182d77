using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradGuard.CodeFixes.Initialization;

/// <summary>GG1003: draws the weights with a spread that fits the fan-in.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG1003SpreadTooSmallFix))]
[Shared]
public sealed class GG1003SpreadTooSmallFix : InitializerCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG1003SpreadTooSmallFix()
        : base("GG1003")
    {
    }
}
