using Microsoft.Extensions.Logging;

namespace GradGuard.Monitor;

/// <summary>How a <see cref="GradientMonitor"/> samples, where it writes and what it does about an alert.</summary>
public sealed class GradientMonitorOptions
{
    /// <summary>
    /// Directory the run is written to; <see langword="null"/> writes nothing. A directory that already holds a run is never
    /// touched: the run goes to the first free name among <c>DIR-2</c>, <c>DIR-3</c>, …, told by <see cref="GradientMonitor.RunDirectory"/>.
    /// </summary>
    public string? RunDirectory { get; init; }

    /// <summary>Share of the step time the monitor may cost, between 0 and 1. It times itself and lengthens its sampling interval to keep it.</summary>
    public double OverheadBudget { get; init; } = 0.02;

    /// <summary>Fixed sampling interval in steps, at least 1; <see langword="null"/> lets <see cref="OverheadBudget"/> choose.</summary>
    public int? SampleEvery { get; init; }

    /// <summary>What to do, beyond reporting, about an alert of at least <see cref="ActOn"/>.</summary>
    public AlertAction OnAlert { get; init; } = AlertAction.Continue;

    /// <summary>The lowest severity <see cref="OnAlert"/> applies to.</summary>
    public AlertSeverity ActOn { get; init; } = AlertSeverity.Warning;

    /// <summary>Where each detector draws its line.</summary>
    public DetectionThresholds Thresholds { get; init; } = new();

    /// <summary>Receives alerts and the monitor's own faults; <see langword="null"/> logs nothing.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    internal void Validate()
    {
        if (!(OverheadBudget is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(OverheadBudget), OverheadBudget, "OverheadBudget is a share of the step time: give a value in (0, 1].");
        if (SampleEvery is < 1)
            throw new ArgumentOutOfRangeException(nameof(SampleEvery), SampleEvery, "SampleEvery is an interval in steps: give 1 or more, or null to let the budget choose.");
    }
}
