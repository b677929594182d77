using GradGuard.Cli.Runs;

namespace GradGuard.Cli.Comparison;

/// <summary>What a run is beside its base.</summary>
internal sealed record ComparisonResult
{
    public required IReadOnlyList<ComparedRun> Bases { get; init; }

    public required ComparedRun Run { get; init; }

    /// <summary>The steps that all of them have, and that were asked for.</summary>
    public required StepRange Range { get; init; }

    public required Limits Limits { get; init; }

    public required LayerChanges Layers { get; init; }

    /// <summary>Every figure that could be compared, by layer and figure.</summary>
    public required IReadOnlyList<Judgement> Judgements { get; init; }

    /// <summary>Every figure that could not.</summary>
    public required IReadOnlyList<NotCompared> NotCompared { get; init; }

    /// <summary>Alerts, by number and layer, that no base has; each once.</summary>
    public required IReadOnlyList<RunAlert> NewAlerts { get; init; }

    /// <summary>True where the spread between several bases is the noise; false where only that within the runs is known.</summary>
    public bool KnowsSeeds => Bases.Count > 1;

    /// <summary>Figures that are worse.</summary>
    public IEnumerable<Judgement> Regressions => Judgements.Where(judgement => judgement.IsRegression);

    /// <summary>New alerts that are more than a note.</summary>
    public IEnumerable<RunAlert> HarmfulAlerts => NewAlerts.Where(alert => alert.Severity >= AlertSeverity.Warning);

    public bool IsRegression => Regressions.Any() || HarmfulAlerts.Any();
}

/// <summary>Modules that are not the same in both.</summary>
/// <param name="Added">Paths in RUN alone.</param>
/// <param name="Removed">Paths in BASE alone.</param>
/// <param name="Retyped">Paths whose module has another type.</param>
internal sealed record LayerChanges(IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<RetypedLayer> Retyped);

/// <summary>A path at which another module stands.</summary>
internal sealed record RetypedLayer(string Layer, string Base, string Run);

/// <summary>A figure that no verdict rests on.</summary>
internal sealed record NotCompared(string Layer, Figure Figure, string Reason);
