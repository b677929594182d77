using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradGuard.CodeFixes.Initialization;

/// <summary>GG1002: chooses the spread by the fan-in.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG1002SpreadTooLargeFix))]
[Shared]
public sealed class GG1002SpreadTooLargeFix : InitializerCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG1002SpreadTooLargeFix()
        : base("GG1002")
    {
    }
}
