using GradGuard.Monitor.Statistics;

namespace GradGuard.Monitor.Capture;

/// <summary>Adds up the unit activity of several calls.</summary>
internal static class UnitCounts
{
    /// <summary>The sum of the counts; null when nothing was counted or the calls differ in width.</summary>
    public static UnitActivity? Sum(IReadOnlyList<TensorStatistics> calls)
    {
        var counted = calls.Select(static call => call.Units).OfType<UnitActivity>().Where(static units => units.Active.Length > 0).ToList();
        if (counted.Count == 0 || counted.Exists(units => units.Active.Length != counted[0].Active.Length))
            return null;
        if (counted.Count == 1)
            return counted[0];
        var active = new long[counted[0].Active.Length];
        foreach (var units in counted)
        {
            for (var unit = 0; unit < active.Length; unit++)
                active[unit] += units.Active[unit];
        }

        return new UnitActivity { Positions = counted.Sum(static units => units.Positions), Active = active, Beyond = [] };
    }
}
