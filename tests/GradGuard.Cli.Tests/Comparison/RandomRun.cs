using GradGuard.Cli.Comparison;

namespace GradGuard.Cli.Tests.Comparison;

/// <summary>A made-up run of three layers: what training does is the same in each, the noise around it is autocorrelated and the seed's own.</summary>
internal sealed class RandomRun(int seed)
{
    /// <summary>Lag-1 autocorrelation of the noise.</summary>
    private const double Memory = 0.5;

    public static IReadOnlyList<string> LayerNames { get; } = ["fc1", "fc2", "fc3"];

    private readonly Dictionary<(string, Figure), Func<long, double, double>> _changes = [];

    public string Name { get; init; } = $"run-{seed}";

    /// <summary>Steps that were read.</summary>
    public IReadOnlyList<long> Steps { get; init; } = [.. Enumerable.Range(0, 60).Select(index => (long)index * index / 4).Distinct()];

    /// <summary>Standard deviation of the noise, on the logarithm of sizes.</summary>
    public double Noise { get; init; } = 0.2;

    /// <summary>How far this run lies off all others over all its steps, as seeds do.</summary>
    public double Offset { get; init; }

    /// <summary>Changes a figure of a layer: by its step and what it would be.</summary>
    public RandomRun With(string layer, Figure figure, Func<long, double, double> change)
    {
        _changes[(layer, figure)] = change;
        return this;
    }

    public ComparedRun Build()
    {
        var series = new Dictionary<(string Layer, Figure Figure), Series> { [("", Figure.Loss)] = Series("", Figure.Loss, 0) };
        for (var index = 0; index < LayerNames.Count; index++)
        {
            foreach (var figure in Figure.All.Where(figure => figure != Figure.Loss))
                series[(LayerNames[index], figure)] = Series(LayerNames[index], figure, index + 1);
        }

        return new ComparedRun
        {
            Name = Name,
            Steps = new(Steps[0], Steps[^1]),
            Layers = LayerNames.ToDictionary(layer => layer, _ => "Linear"),
            Series = series,
        };
    }

    private Series Series(string layer, Figure figure, int position)
    {
        var random = new Random((1000 * seed) + (10 * position) + Figure.All.ToList().IndexOf(figure));
        var noise = 0.0;
        var change = _changes.GetValueOrDefault((layer, figure), (_, value) => value);
        var readings = new List<Reading>();
        foreach (var step in Steps)
        {
            noise = (Memory * noise) + (Math.Sqrt(1 - (Memory * Memory)) * Normal(random));
            var value = figure.IsShare
                ? Math.Clamp(0.2 + (0.2 * noise * Noise), 0, 1)
                : Math.Exp((Noise * noise) + Offset - (step / 400.0)) * (position + 1);
            readings.Add(new(step, change(step, value)));
        }

        return new(readings);
    }

    /// <summary>Of the standard normal distribution (Box and Muller 1958).</summary>
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
