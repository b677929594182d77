namespace GradGuard.Monitor.Sampling;

/// <summary>Times the monitor's own work, and the steps it works in.</summary>
/// <param name="clock">Monotonic time.</param>
internal sealed class OverheadMeter(TimeProvider clock)
{
    private readonly long _frequency = clock.TimestampFrequency;
    private long _ownInStep;
    private long? _lastEnd;
    private long _own;
    private long _run;

    /// <summary>The monitor's own time since the first step ended.</summary>
    public TimeSpan OwnTime => ToTime(_own);

    /// <summary>Time since the first step ended, the monitor's own included.</summary>
    public TimeSpan RunTime => ToTime(_run);

    /// <summary>Ticks now, to hand to <see cref="Add"/> when the work is done.</summary>
    public long Now() => clock.GetTimestamp();

    /// <summary>Counts the time since <paramref name="start"/> as the monitor's own.</summary>
    public void Add(long start) => _ownInStep += clock.GetTimestamp() - start;

    /// <summary>Ends a step.</summary>
    /// <returns>Seconds the monitor took in it, and seconds the training itself took; the first step has no known start, hence null.</returns>
    public (double Own, double Training)? EndStep()
    {
        var end = clock.GetTimestamp();
        var own = _ownInStep;
        var begun = _lastEnd;
        _lastEnd = end;
        _ownInStep = 0;
        if (begun is not { } start)
            return null;
        var whole = end - start;
        _own += own;
        _run += whole;
        return ((double)own / _frequency, Math.Max(0, (double)(whole - own) / _frequency));
    }

    private TimeSpan ToTime(long ticks) => TimeSpan.FromSeconds((double)ticks / _frequency);
}
