using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>The last values of a series, judged by median and median absolute deviation, which outliers do not move.</summary>
internal sealed class RobustWindow(int capacity)
{
    /// <summary>Makes the MAD of a normal distribution its standard deviation (1/Φ⁻¹(¾)).</summary>
    private const double NormalConsistency = 1.4826;

    /// <summary>Values that are sorted on the stack: as many as any window holds.</summary>
    private const int OnStack = 128;

    private readonly double[] _values = new double[capacity];
    private int _next;

    /// <summary>Values held.</summary>
    public int Count { get; private set; }

    /// <summary>Middle value; NaN when empty.</summary>
    public double Median => MedianOf(Values);

    /// <summary>Largest value; minus infinity when empty.</summary>
    public double Largest
    {
        get
        {
            var largest = double.NegativeInfinity;
            foreach (var value in Values)
                largest = Math.Max(largest, value);
            return largest;
        }
    }

    private ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    /// <summary>Adds a value, dropping the oldest when full.</summary>
    public void Add(double value)
    {
        _values[_next] = value;
        _next = (_next + 1) % capacity;
        Count = Math.Min(Count + 1, capacity);
    }

    /// <summary>Robust standard deviation, 1.4826·MAD; NaN when empty.</summary>
    public double Deviation() => DeviationFrom(Median);

    /// <summary>Distance of a value from the median in robust standard deviations; infinite above a window that never varies.</summary>
    public double RobustZ(double value)
    {
        var median = Median;
        var deviation = DeviationFrom(median);
        return deviation > 0 ? (value - median) / deviation : value > median ? double.PositiveInfinity : 0;
    }

    /// <summary>Middle value of a sequence; NaN when it is empty.</summary>
    public static double MedianOf(ReadOnlySpan<double> values)
    {
        if (values.Length == 0)
            return double.NaN;
        Span<double> sorted = values.Length <= OnStack ? stackalloc double[values.Length] : new double[values.Length];
        values.CopyTo(sorted);
        sorted.Sort();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>Saves or restores a window of that capacity.</summary>
    public static RobustWindow Persist(StateArchive archive, RobustWindow? window, int capacity)
    {
        window ??= new RobustWindow(capacity);
        window.Persist(archive);
        return window;
    }

    /// <summary>Saves or restores the values.</summary>
    public void Persist(StateArchive archive)
    {
        Count = Math.Clamp(archive.Value(Count), 0, capacity);
        for (var index = 0; index < Count; index++)
            _values[index] = archive.Value(_values[index]);
        _next = archive.Value(_next) % capacity;
    }

    private double DeviationFrom(double median)
    {
        var distances = new double[Count];
        for (var index = 0; index < Count; index++)
            distances[index] = Math.Abs(_values[index] - median);
        return NormalConsistency * MedianOf(distances);
    }
}
