namespace GradGuard.Monitor.Detection;

/// <summary>The last values of a series, judged by median and median absolute deviation, which outliers do not move.</summary>
internal sealed class RobustWindow(int capacity)
{
    /// <summary>Makes the MAD of a normal distribution its standard deviation (1/Φ⁻¹(¾)).</summary>
    private const double NormalConsistency = 1.4826;

    private readonly Queue<double> _values = new(capacity);

    /// <summary>Values held.</summary>
    public int Count => _values.Count;

    /// <summary>Middle value.</summary>
    public double Median => MedianOf(_values);

    /// <summary>Adds a value, dropping the oldest when full.</summary>
    public void Add(double value)
    {
        if (_values.Count == capacity)
            _values.Dequeue();
        _values.Enqueue(value);
    }

    /// <summary>Distance of a value from the median in robust standard deviations.</summary>
    public double RobustZ(double value)
    {
        var median = Median;
        var deviation = NormalConsistency * MedianOf(_values.Select(held => Math.Abs(held - median)));
        return deviation > 0 ? (value - median) / deviation : value > median ? double.PositiveInfinity : 0;
    }

    /// <summary>Middle value of a sequence; NaN when it is empty.</summary>
    public static double MedianOf(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
            return double.NaN;
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
