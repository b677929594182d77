using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradGuard.CodeFixes.Saturation;

/// <summary>GG2003: divides the scores by the root of the width of queries and keys.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG2003UnscaledAttentionFix))]
[Shared]
public sealed class GG2003UnscaledAttentionFix : ProductScaleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG2003UnscaledAttentionFix()
        : base("GG2003")
    {
    }
}
