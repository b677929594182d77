using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradGuard.CodeFixes.Saturation;

/// <summary>GG2001: divides the product by the root of its inner width.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG2001UnscaledProductFix))]
[Shared]
public sealed class GG2001UnscaledProductFix : ProductScaleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG2001UnscaledProductFix()
        : base("GG2001")
    {
    }
}
