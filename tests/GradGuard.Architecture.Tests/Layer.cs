using Microsoft.CodeAnalysis;

namespace GradGuard.Architecture.Tests;

/// <summary>One box of the design's picture: code that may use some of the other boxes and none of the rest.</summary>
/// <param name="Name">How the others refer to it.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="MayUse">The layers it may use, each named; an arrow does not carry over to what those use.</param>
/// <param name="Why">Why it may use no more, as a sentence's end after "because".</param>
internal sealed record Layer(string Name, string Namespace, string[] MayUse, string Why)
{
    /// <summary>Takes in the namespaces below as well. A project's root does not: a folder added there has to be placed.</summary>
    public bool WithSubNamespaces { get; init; } = true;

    /// <summary>Where set, the layer is these top-level types of the namespace and nothing else of it.</summary>
    public string[] OnlyTypes { get; init; } = [];

    /// <summary>What it may not use of other people's code.</summary>
    public Ban[] Bans { get; init; } = [];

    /// <summary>How precisely this layer speaks for a type: 0 not at all, and the greatest of all layers wins.</summary>
    public int Claim(INamedTypeSymbol type)
    {
        var ns = type.ContainingNamespace.ToDisplayString();
        if (OnlyTypes.Length > 0)
            return ns == Namespace && OnlyTypes.Contains(type.Name) ? int.MaxValue : 0;
        return ns == Namespace || (WithSubNamespaces && ns.StartsWith(Namespace + ".", StringComparison.Ordinal)) ? Namespace.Length : 0;
    }
}

/// <summary>Foreign code that a layer stays away from.</summary>
/// <param name="What">Its name in a message.</param>
/// <param name="Matches">Tells whether a type belongs to it.</param>
/// <param name="Why">Why, as a sentence's end after "because".</param>
/// <param name="AllowedMembers">Members of such types that may be used all the same.</param>
internal sealed record Ban(string What, Func<INamedTypeSymbol, bool> Matches, string Why, params string[] AllowedMembers);
