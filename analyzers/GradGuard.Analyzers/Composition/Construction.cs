using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Composition;

/// <summary>
/// What the making of an object does to its modules, in the order in which it happens: the base class's constructor before the body of the derived
/// one. TorchSharp's <c>RegisterComponents()</c> looks at the object's fields, base classes included, and returns early ever after; only its first
/// call counts. Field initializers run before any constructor and are never late, so they are no steps.
/// </summary>
internal sealed class Construction
{
    public Construction(INamedTypeSymbol type, ImmutableArray<ConstructionStep> steps)
    {
        Registration = steps.FirstOrDefault(step => step.Member is null);
        Late = Registration is null
            ? ImmutableArray<ConstructionStep>.Empty
            : steps.Skip(steps.IndexOf(Registration)).Where(step => step.Member is not null && SymbolEqualityComparer.Default.Equals(step.Owner, type)).ToImmutableArray();
        IsRegisteredByBase = Registration is not null && !SymbolEqualityComparer.Default.Equals(Registration.Owner, type);
    }

    /// <summary>The call of <c>RegisterComponents()</c> that counts; null where the constructor leaves that to the parent module.</summary>
    public ConstructionStep? Registration { get; }

    /// <summary>True where a base class's constructor makes that call.</summary>
    public bool IsRegisteredByBase { get; }

    /// <summary>Modules and parameters with state that the class itself makes and keeps after <see cref="Registration"/>: nothing registers them.</summary>
    public ImmutableArray<ConstructionStep> Late { get; }
}

/// <summary>One step of a <see cref="Construction"/>.</summary>
/// <param name="Owner">The class whose code it is.</param>
/// <param name="Member">The field or property that gets a new module or parameter; null for a call of <c>RegisterComponents()</c>.</param>
/// <param name="Location">The assignment or the call.</param>
internal sealed record ConstructionStep(INamedTypeSymbol Owner, ISymbol? Member, Location Location);
