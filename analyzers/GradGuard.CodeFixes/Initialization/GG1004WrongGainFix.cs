using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradGuard.CodeFixes.Initialization;

/// <summary>GG1004: calls the initializer whose gain fits the activation.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG1004WrongGainFix))]
[Shared]
public sealed class GG1004WrongGainFix : InitializerCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG1004WrongGainFix()
        : base("GG1004")
    {
    }
}
