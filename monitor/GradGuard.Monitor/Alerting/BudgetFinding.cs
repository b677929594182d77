using GradGuard.Monitor.Detection;
using static GradGuard.Monitor.Detection.Numbers;

namespace GradGuard.Monitor.Alerting;

/// <summary>GG9013, where the monitor lastingly costs more than it may.</summary>
internal static class BudgetFinding
{
    /// <summary>The finding.</summary>
    /// <param name="share">Share of the training's own time that it took of late.</param>
    /// <param name="budget">The share it may take.</param>
    public static Finding Of(double share, double budget)
        => new("GG9013", AlertSeverity.Info, "",
            $"the monitor takes {Short(100 * share)}% of the training's time, over its budget of {Short(100 * budget)}%, and cannot read any less",
            "Training is not affected but for the time. Raise OverheadBudget if that is fine: on steps of a fraction of a millisecond looking at the loss alone costs more than 2%.",
            new Dictionary<string, double> { ["overhead"] = share, ["budget"] = budget });
}
