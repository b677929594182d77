using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// A series in which a spike stands out: far over its trend by the noise around it, unlike anything recent, and beyond where the run
/// began. Judged a few values later, when it is known whether the series came back.
/// </summary>
internal sealed class SpikeSeries(double robustZ)
{
    /// <summary>Values whose distance from the trend is the noise that a spike is measured by.</summary>
    public const int Length = 128;

    /// <summary>Values whose median is the trend: a falling loss is no noise.</summary>
    public const int Trend = 15;

    /// <summary>First values: their median says where the run began.</summary>
    public const int Start = 16;

    /// <summary>Values without which there is no verdict: what recurs in 5% of steps has shown itself by then in 96% of runs.</summary>
    public const int Least = 64;

    /// <summary>A spike stands out by this many times what any recent value does.</summary>
    public const double Novelty = 3;

    /// <summary>And lies this many times as far over the trend as the run began: a model that has just begun to learn jumps about there.</summary>
    public const double GroundLost = 2;

    /// <summary>And it is over the trend by this share of it: where the noise is small, less is no harm.</summary>
    public const double LeastRise = 0.5;

    /// <summary>Values after it that tell whether the series came back.</summary>
    public const int Aftermath = 5;

    private readonly RobustWindow _noise = new(Length);
    private readonly RobustWindow _trend = new(Trend);
    private readonly List<double> _start = new(Start);
    private readonly List<double> _after = new(Aftermath);
    private Spike? _pending;

    /// <summary>True while a spike waits for its verdict.</summary>
    public bool IsPending => _pending is not null;

    /// <summary>Takes the next value.</summary>
    /// <returns>The spike that is now judged; null when there is none.</returns>
    public Spike? Add(double value, long step)
    {
        if (_start.Count < Start)
            _start.Add(value);
        if (_pending is { } spike)
        {
            _after.Add(value);
            return _after.Count < Aftermath ? null : Judge(spike);
        }

        _pending = Candidate(value, step);
        if (_pending is null)
            Accept(value);
        return null;
    }

    /// <summary>Saves or restores the series.</summary>
    public void Persist(StateArchive archive)
    {
        _noise.Persist(archive);
        _trend.Persist(archive);
        archive.Items(_start, archive.Value);
        archive.Items(_after, archive.Value);
        _pending = archive.Optional(_pending, spike => new Spike(
            archive.Value(spike?.Step ?? 0), archive.Value(spike?.Value ?? 0), archive.Value(spike?.Median ?? 0),
            archive.Value(spike?.RobustZ ?? 0), archive.Value(spike?.Began ?? 0)));
    }

    private void Accept(double value)
    {
        if (_trend.Count == Trend)
            _noise.Add(value - _trend.Median);
        _trend.Add(value);
    }

    private Spike? Candidate(double value, long step)
    {
        // Nearly every value ends here, and costs next to nothing.
        if (_noise.Count < Least || value <= _trend.Largest)
            return null;
        var trend = _trend.Median;
        var excess = value - trend;
        if (excess < Novelty * _noise.Largest || excess < LeastRise * Math.Abs(trend))
            return null;
        var deviation = _noise.Deviation();
        var began = RobustWindow.MedianOf([.. _start]);
        var isNew = deviation > 0 && excess >= robustZ * deviation && _noise.Largest < robustZ * deviation && value > began && excess >= GroundLost * (began - trend);
        return isNew ? new Spike(step, value, trend, excess / deviation, began) : null;
    }

    private Spike Judge(Spike spike)
    {
        var judged = spike with { Settled = RobustWindow.MedianOf([.. _after]) };
        Accept(spike.Value);
        _after.ForEach(Accept);
        _after.Clear();
        _pending = null;
        return judged;
    }
}

/// <summary>A value that stands out.</summary>
/// <param name="Step">When.</param>
/// <param name="Value">How large.</param>
/// <param name="Median">Of the values before.</param>
/// <param name="RobustZ">Its distance from the median in robust standard deviations.</param>
/// <param name="Began">Median of the first values of the run.</param>
internal sealed record Spike(long Step, double Value, double Median, double RobustZ, double Began)
{
    /// <summary>Share of the ground gained since the start that is lost when the series is said to be thrown back.</summary>
    public const double ThrownBack = 0.9;

    /// <summary>Median of the values after it.</summary>
    public double Settled { get; init; }

    /// <summary>True when the series came back to less than half the spike's height.</summary>
    public bool CameBack => Settled - Median < (Value - Median) / 2;

    /// <summary>True when the series stands where it began, or beyond: what was learned is gone.</summary>
    public bool IsThrownBack => Began > Median && Settled - Median >= ThrownBack * (Began - Median);
}
