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

    /// <summary>
    /// Fixed sampling interval in steps, at least 1; <see langword="null"/> lets <see cref="OverheadBudget"/> choose. At 1, large gradients are read whole every 32 steps and
    /// in parts between them.
    /// </summary>
    public int? SampleEvery { get; init; }

    /// <summary>What to do, beyond reporting, about an alert of at least <see cref="ActOn"/>.</summary>
    public AlertAction OnAlert { get; init; } = AlertAction.Continue;

    /// <summary>The lowest severity <see cref="OnAlert"/> applies to.</summary>
    public AlertSeverity ActOn { get; init; } = AlertSeverity.Warning;

    /// <summary>Steps a fault must have been gone before its return is told again; at least 1.</summary>
    public long AlertCooldown { get; init; } = 500;

    /// <summary>Steps after which an <see cref="AlertSeverity.Info"/> that lasts is told once more, as a warning; at least 1.</summary>
    public long EscalateAfter { get; init; } = 2000;

    /// <summary>What is not told at all.</summary>
    public IReadOnlyList<AlertMute> Mutes { get; init; } = [];

    /// <summary>
    /// Bytes from which <c>records.jsonl</c> is set aside as <c>records.1.jsonl</c>, <c>records.2.jsonl</c>, …, oldest first, and begun anew;
    /// at least 4096.
    /// </summary>
    public long RecordFileBytes { get; init; } = 64L << 20;

    /// <summary>Where each detector draws its line.</summary>
    public DetectionThresholds Thresholds { get; init; } = new();

    /// <summary>Receives alerts and the monitor's own faults; <see langword="null"/> logs nothing.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>What the monitor times itself and the steps by; a program that trains several models in turns stops it for those that wait.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    private const long SmallestRecordFile = 4096;
    private const int SmallestPatience = 40;

    /// <exception cref="ArgumentException">A setting is outside its range; the message names it.</exception>
    internal void Validate()
    {
        if (!(OverheadBudget is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(OverheadBudget), OverheadBudget, "OverheadBudget is a share of the step time: give a value in (0, 1].");
        if (SampleEvery is < 1)
            throw new ArgumentOutOfRangeException(nameof(SampleEvery), SampleEvery, "SampleEvery is an interval in steps: give 1 or more, or null to let the budget choose.");
        if (AlertCooldown < 1)
            throw new ArgumentOutOfRangeException(nameof(AlertCooldown), AlertCooldown, "AlertCooldown is a number of steps: give 1 or more.");
        if (EscalateAfter < 1)
            throw new ArgumentOutOfRangeException(nameof(EscalateAfter), EscalateAfter, "EscalateAfter is a number of steps: give 1 or more; long.MaxValue never escalates.");
        if (RecordFileBytes < SmallestRecordFile)
            throw new ArgumentOutOfRangeException(nameof(RecordFileBytes), RecordFileBytes, $"RecordFileBytes is a file's size: give {SmallestRecordFile} or more.");
        if (Mutes.Any(static mute => mute is not { Id.Length: > 0, Layer.Length: > 0 }))
            throw new ArgumentException("A mute needs a catalogue number and a layer; \"*\" stands for all.", nameof(Mutes));
        if (Thresholds.StuckPatience < SmallestPatience)
            throw new ArgumentOutOfRangeException(nameof(Thresholds), Thresholds.StuckPatience, $"StuckPatience is a number of steps: give {SmallestPatience} or more.");
    }
}
