using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Composition;

/// <summary>
/// The classes that leave it to <c>torch.nn.Module</c> what counts as their contents: derived from it or its generic forms by way of the program's
/// own classes, with no override of the members that list contents.
/// </summary>
internal static class PlainModules
{
    /// <summary>Members whose override says what the module holds in the class's own way.</summary>
    private static readonly ImmutableHashSet<string> ListsOfContents = ImmutableHashSet.Create(
        "RegisterComponents", "parameters", "named_parameters", "named_children", "named_modules", "children", "modules");

    public static bool Contains(INamedTypeSymbol type, TorchSymbols torch)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (torch.IsDeclaredInTorchSharp(current))
                return current.Name == torch.Module.Name;
            if (current.GetMembers().OfType<IMethodSymbol>().Any(method => method.IsOverride && ListsOfContents.Contains(method.Name)))
                return false;
        }

        return false;
    }
}
