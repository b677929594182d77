using System.Diagnostics;

namespace GradGuard.Monitor.Sampling;

/// <summary>Times the monitor's own work, and the steps it works in.</summary>
internal sealed class OverheadMeter
{
    private readonly Func<long> _clock;
    private readonly long _frequency;
    private long _ownInStep;
    private long _lastEnd;
    private long _own;
    private long _run;

    public OverheadMeter()
        : this(Stopwatch.GetTimestamp, Stopwatch.Frequency)
    {
    }

    /// <param name="clock">Monotonic time in ticks.</param>
    /// <param name="frequency">Ticks in a second.</param>
    internal OverheadMeter(Func<long> clock, long frequency) => (_clock, _frequency) = (clock, frequency);

    /// <summary>The monitor's own time since the first step ended.</summary>
    public TimeSpan OwnTime => ToTime(_own);

    /// <summary>Time since the first step ended, the monitor's own included.</summary>
    public TimeSpan RunTime => ToTime(_run);

    /// <summary>Ticks now, to hand to <see cref="Add"/> when the work is done.</summary>
    public long Now() => _clock();

    /// <summary>Counts the time since <paramref name="start"/> as the monitor's own.</summary>
    public void Add(long start) => _ownInStep += _clock() - start;

    /// <summary>Ends a step.</summary>
    /// <returns>Seconds the monitor took in it, and seconds the training itself took; the first step has no known start, hence null.</returns>
    public (double Own, double Training)? EndStep()
    {
        var end = _clock();
        var own = _ownInStep;
        var whole = end - _lastEnd;
        var first = _lastEnd == 0;
        _lastEnd = end;
        _ownInStep = 0;
        if (first)
            return null;
        _own += own;
        _run += whole;
        return ((double)own / _frequency, Math.Max(0, (double)(whole - own) / _frequency));
    }

    private TimeSpan ToTime(long ticks) => TimeSpan.FromSeconds((double)ticks / _frequency);
}
