using GradGuard.Monitor;

namespace GradGuard.Benchmarks.Detection.Programs;

/// <summary>What one run of a program came to.</summary>
internal sealed record RunOutcome
{
    /// <summary>The seed of data, weights and batches.</summary>
    public required int Seed { get; init; }

    /// <summary>The task's own loss over all samples after the last step, in training mode; lower is better.</summary>
    public required double FinalLoss { get; init; }

    /// <summary>The loss of the best constant answer to the same samples, or of an untrained policy or generator.</summary>
    public required double TrivialLoss { get; init; }

    /// <summary>The loss that each step differentiated.</summary>
    public required IReadOnlyList<double> Losses { get; init; }

    /// <summary>All alerts, in order.</summary>
    public required IReadOnlyList<Alert> Alerts { get; init; }

    /// <summary>The published rules that spoke.</summary>
    public required IReadOnlySet<string> PublishedRules { get; init; }

    /// <summary>Trainable parameters whose gradient over all samples, after the last step, is missing or zero in most of its rows; by name.</summary>
    public required IReadOnlySet<string> Starved { get; init; }

    /// <summary>Paths of the modules at fault.</summary>
    public IReadOnlyList<string> Culprits { get; init; } = [];

    /// <summary>Seconds that it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Share of the trivial loss that must be gone for a run to count as one that trains.</summary>
    public const double LeastLearned = 0.2;

    /// <summary>True where the program learned what it was to learn, whatever any detector says.</summary>
    public bool Trains => FinalLoss <= (1 - LeastLearned) * TrivialLoss;

    /// <summary>Alerts that count as alarms: of at least <see cref="AlertSeverity.Warning"/>.</summary>
    public IEnumerable<Alert> Alarms => Alerts.Where(static alert => alert.Severity >= AlertSeverity.Warning);

    /// <summary>True where an alarm was raised.</summary>
    public bool Alarmed => Alarms.Any();
}
