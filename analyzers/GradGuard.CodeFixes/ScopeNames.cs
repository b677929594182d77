using Microsoft.CodeAnalysis;

namespace GradGuard.CodeFixes;

/// <summary>Names for the variables that fixes declare.</summary>
internal static class ScopeNames
{
    /// <summary><paramref name="wanted"/>, with a number behind it where the name is taken at <paramref name="place"/>.</summary>
    public static string Free(SemanticModel model, SyntaxNode place, string wanted)
    {
        var name = wanted;
        for (var number = 2; !model.LookupSymbols(place.SpanStart, name: name).IsEmpty; number++)
            name = wanted + number;
        return name;
    }
}
