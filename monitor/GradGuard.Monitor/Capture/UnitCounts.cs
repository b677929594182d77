using GradGuard.Monitor.Statistics;

namespace GradGuard.Monitor.Capture;

/// <summary>Adds up the unit activity of several calls.</summary>
internal static class UnitCounts
{
    /// <summary>The sum of the counts; null when nothing was counted or the calls differ in width.</summary>
    public static UnitActivity? Sum(ReadOnlySpan<TensorStatistics> calls)
    {
        UnitActivity? first = null;
        int[]? active = null;
        long positions = 0;
        foreach (var call in calls)
        {
            if (call.Units is not { Active.Length: > 0 } units)
                continue;
            positions += units.Positions;
            if (first is null)
            {
                first = units;
                continue;
            }

            if (units.Active.Length != first.Active.Length)
                return null;
            active ??= [.. first.Active];
            for (var unit = 0; unit < active.Length; unit++)
                active[unit] = (int)Math.Min(int.MaxValue, (long)active[unit] + units.Active[unit]);
        }

        return active is null ? first : new UnitActivity { Positions = positions, Active = active, Beyond = [] };
    }
}
