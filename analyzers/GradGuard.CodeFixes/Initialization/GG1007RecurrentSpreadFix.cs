using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradGuard.CodeFixes.Initialization;

/// <summary>GG1007: starts the recurrent weights orthogonal.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG1007RecurrentSpreadFix))]
[Shared]
public sealed class GG1007RecurrentSpreadFix : InitializerCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG1007RecurrentSpreadFix()
        : base("GG1007")
    {
    }
}
