using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradGuard.CodeFixes.Initialization;

/// <summary>GG1005: starts the bias at zero.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG1005DeadBiasFix))]
[Shared]
public sealed class GG1005DeadBiasFix : InitializerCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG1005DeadBiasFix()
        : base("GG1005")
    {
    }
}
