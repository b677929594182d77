using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Training;

/// <summary>How an optimizer was made, as far as it was seen.</summary>
/// <param name="Modules">The modules whose parameters it was given.</param>
/// <param name="IsComplete">True where it has no other parameters.</param>
internal sealed record OptimizerOrigin(ImmutableArray<Place> Modules, bool IsComplete)
{
    public static OptimizerOrigin Unknown { get; } = new(ImmutableArray<Place>.Empty, IsComplete: false);
}

/// <summary>Which optimizer was made from which modules, so that the two optimizers of a GAN are told apart.</summary>
internal sealed class OptimizerOrigins(IEnumerable<TrainingEvent> events, TraceIndex index)
{
    private readonly ImmutableArray<TrainingEvent> _events =
        events.Where(happening => happening.Kind is TrainingEventKind.CreateOptimizer or TrainingEventKind.AliasModule or TrainingEventKind.CreateModule)
            .ToImmutableArray();

    /// <summary>The modules that the optimizer at <paramref name="optimizer"/> trains.</summary>
    public OptimizerOrigin Of(Place? optimizer)
    {
        if (optimizer is null)
            return OptimizerOrigin.Unknown;
        var creations = CreationsOf(optimizer).ToList();
        return creations.Count == 0 || creations.Any(creation => creation.Sources.IsEmpty)
            ? OptimizerOrigin.Unknown
            : new OptimizerOrigin(
                creations.SelectMany(creation => creation.Sources).Distinct().ToImmutableArray(),
                creations.All(creation => creation.SourcesAreComplete));
    }

    /// <summary>Whether a zero_grad or clip touches the optimizer's parameters; null where that is not known.</summary>
    public bool? ActsOn(TrainingEvent happening, Place? optimizer)
    {
        if (happening.Target is { } target && target.Equals(optimizer))
            return true;
        var touched = happening.Sources.IsEmpty ? Of(happening.Target) : new OptimizerOrigin(happening.Sources, happening.SourcesAreComplete);
        var trained = Of(optimizer);
        if (touched.Modules.IsEmpty || trained.Modules.IsEmpty)
            return null;
        if (touched.Modules.Any(module => trained.Modules.Any(other => Overlap(module, other))))
            return true;
        var areApart = touched.IsComplete && trained.IsComplete
            && touched.Modules.All(module => trained.Modules.All(other => AreDistinct(module, other)));
        return areApart ? false : null;
    }

    /// <summary>Those in the loop itself; for a member, those of its class, seen from the same object.</summary>
    private IEnumerable<TrainingEvent> CreationsOf(Place optimizer)
    {
        var here = _events.Where(happening => happening.Kind is TrainingEventKind.CreateOptimizer && optimizer.Equals(happening.Target)).ToList();
        if (here.Count > 0 || optimizer.Symbol is null || !optimizer.IsMember)
            return here;
        return index.CreationsOf(optimizer.Symbol).Select(creation => creation.Beside(optimizer));
    }

    /// <summary>Two names may stand for one module, unless both modules were made here or their classes exclude it.</summary>
    public bool AreDistinct(Place first, Place second) =>
        (IsMadeHere(first) && IsMadeHere(second))
        || (first.Type is { TypeKind: TypeKind.Class } one && second.Type is { TypeKind: TypeKind.Class } other && !Derives(one, other) && !Derives(other, one));

    private bool IsMadeHere(Place place) => _events.Any(happening => happening.Kind is TrainingEventKind.CreateModule && place.Equals(happening.Target));

    private static bool Derives(ITypeSymbol type, ITypeSymbol ancestor)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current, ancestor))
                return true;
        }

        return false;
    }

    /// <summary>True where one is the other, holds it, or was built from it.</summary>
    public bool Overlap(Place first, Place second)
    {
        var aliases = AliasesOf(first);
        return AliasesOf(second).Any(other => aliases.Any(one => one.IsWithin(other) || other.IsWithin(one)));
    }

    private HashSet<Place> AliasesOf(Place place)
    {
        var known = new HashSet<Place> { place };
        var grew = true;
        while (grew)
        {
            grew = false;
            foreach (var alias in _events.Where(happening => happening is { Kind: not TrainingEventKind.CreateOptimizer, Target: not null }))
            {
                if (known.Contains(alias.Target!))
                    grew |= alias.Sources.Count(known.Add) > 0;
                if (alias.Sources.Any(known.Contains))
                    grew |= known.Add(alias.Target!);
            }
        }

        return known;
    }
}
