using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Composition;

/// <summary>How the code of one type handles modules: whom it calls, and, where it is a module itself, what it holds and registers.</summary>
internal sealed class ModuleCode
{
    public required INamedTypeSymbol Type { get; init; }

    /// <summary>The places that run a module by <c>forward()</c>.</summary>
    public required ImmutableArray<ForwardCall> ForwardCalls { get; init; }

    /// <summary>Functional dropouts of a module class that never hear of <c>eval()</c>: their <c>training</c> is left at true.</summary>
    public required ImmutableArray<DropoutCall> EndlessDropouts { get; init; }

    /// <summary>What each constructor does to the object's modules. Empty for other types, and where that cannot be known.</summary>
    public required ImmutableArray<Construction> Constructions { get; init; }

    /// <summary>Collections that hold modules or parameters of the object and that TorchSharp does not look into.</summary>
    public required ImmutableArray<PlainCollection> PlainCollections { get; init; }

    /// <summary>Where models of this class are trained though it registers nothing.</summary>
    public required ImmutableArray<UnregisteredRoot> UnregisteredRoots { get; init; }

    /// <summary>Group norms that this type makes and does not fill in.</summary>
    public required ImmutableArray<BareGroupNorm> BareGroupNorms { get; init; }

    /// <summary>Layers in private members that no code looks at.</summary>
    public required ImmutableArray<MadeMember> UnusedLayers { get; init; }
}

/// <summary>A call of <c>forward()</c> that could be <c>call()</c>.</summary>
/// <param name="Location">The word <c>forward</c>.</param>
/// <param name="Receiver">What it runs: the member's or variable's name, else the type's.</param>
/// <param name="IsHooked">True where the same type registers hooks on that member or variable.</param>
internal sealed record ForwardCall(Location Location, string Receiver, bool IsHooked);

/// <summary>A call of <c>functional.dropout</c> or its relatives.</summary>
/// <param name="Location">The whole call.</param>
/// <param name="Function">The function's name.</param>
internal sealed record DropoutCall(Location Location, string Function);

/// <summary>A field or property with a plain collection of modules or parameters.</summary>
/// <param name="Member">The field or property.</param>
/// <param name="Location">Where it is declared.</param>
/// <param name="Elements">Where modules with state are made for it.</param>
/// <param name="IsOutOfSight">True where code of other types may reach the elements, and so may register or train them by hand.</param>
internal sealed record PlainCollection(ISymbol Member, Location Location, ImmutableArray<Location> Elements, bool IsOutOfSight)
{
    /// <summary>True for a dictionary.</summary>
    public bool IsKeyed { get; init; }

    /// <summary>True for bare parameters, false for modules.</summary>
    public bool HoldsParameters { get; init; }

    /// <summary>True for a <c>List</c> that could be a <c>ModuleList</c> with no other change to the code.</summary>
    public bool CanBeModuleList { get; init; }
}
