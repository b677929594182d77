namespace GradGuard.Cli.Comparison;

/// <summary>A figure as it was read at one step.</summary>
internal readonly record struct Reading(long Step, double Value);

/// <summary>One figure of one layer over a run.</summary>
/// <param name="readings">In rising order of their steps.</param>
internal sealed class Series(IEnumerable<Reading> readings)
{
    private static readonly Comparer<Reading> ByStep = Comparer<Reading>.Create((left, right) => left.Step.CompareTo(right.Step));
    private readonly Reading[] _readings = [.. readings];

    /// <summary>All readings, NaN and infinity among them.</summary>
    public IReadOnlyList<Reading> Readings => _readings;

    /// <summary>The values that are numbers.</summary>
    public IEnumerable<double> Finite => _readings.Select(reading => reading.Value).Where(double.IsFinite);

    /// <summary>The readings of these steps.</summary>
    public Series Within(StepRange range) => new(_readings.Where(reading => range.Contains(reading.Step)));

    /// <summary>The readings that are numbers, each put on another scale.</summary>
    public Series Scaled(Func<double, double> scale) =>
        new(_readings.Where(reading => double.IsFinite(reading.Value)).Select(reading => reading with { Value = scale(reading.Value) }));

    /// <summary>The value at a step, on the straight line between the readings around it; NaN before the first and after the last.</summary>
    public double At(long step)
    {
        var index = Array.BinarySearch(_readings, new Reading(step, 0), ByStep);
        if (index >= 0)
            return _readings[index].Value;
        var next = ~index;
        if (next == 0 || next == _readings.Length)
            return double.NaN;
        var (before, after) = (_readings[next - 1], _readings[next]);
        return before.Value + ((after.Value - before.Value) * (step - before.Step) / (after.Step - before.Step));
    }
}
