namespace GradGuard.Monitor.Statistics;

/// <summary>How often each unit (feature or channel) of an activation was active and beyond the bounds.</summary>
internal sealed record UnitActivity
{
    /// <summary>Positions read for each unit: samples × time steps × pixels.</summary>
    public required long Positions { get; init; }

    /// <summary>Active positions, one count a unit, of 2³¹ at most; empty when activity was not asked for.</summary>
    public required int[] Active { get; init; }

    /// <summary>Positions beyond the bounds, in the same way; empty when no bounds were asked for.</summary>
    public required int[] Beyond { get; init; }

    /// <summary>Units without one active position in this read. One batch proves nothing: judge it over a window.</summary>
    public int NeverActive => Active.AsSpan().Count(0);
}
