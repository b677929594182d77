namespace GradGuard.Cli.Checking;

/// <summary>The last values of a figure, and when they were read.</summary>
internal sealed class RecentValues
{
    /// <summary>Values held: as many as the batches that dead units are judged by in a run.</summary>
    public const int Window = 20;

    private readonly Queue<double> _values = new(Window);

    /// <summary>How many there are, at most <see cref="Window"/>.</summary>
    public int Count => _values.Count;

    /// <summary>The step of the last one.</summary>
    public long LastStep { get; private set; }

    public bool AreFinite => _values.All(double.IsFinite);

    public double Least => _values.Min();

    /// <summary>Of two in the middle, their mean.</summary>
    public double Median
    {
        get
        {
            var sorted = _values.Order().ToList();
            return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
        }
    }

    public void Add(long step, double value)
    {
        if (_values.Count == Window)
            _values.Dequeue();
        _values.Enqueue(value);
        LastStep = step;
    }
}
