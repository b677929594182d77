namespace GradGuard.Cli.Comparison;

/// <summary>Compares one figure of one layer over the common steps.</summary>
internal sealed class FigureComparison
{
    /// <summary>The last third of the readings is the end.</summary>
    private const int EndShare = 3;

    private readonly string _layer;
    private readonly Figure _figure;
    private readonly Limits _limits;
    private readonly IReadOnlyList<Series> _bases;
    private readonly Series _run;
    private readonly Scale _scale;

    /// <param name="layer">Path.</param>
    /// <param name="figure">What is compared.</param>
    /// <param name="bases">Readings of each base within the common steps.</param>
    /// <param name="run">Those of the run.</param>
    /// <param name="limits">What matters.</param>
    public FigureComparison(string layer, Figure figure, IReadOnlyList<Series> bases, Series run, Limits limits)
    {
        (_layer, _figure, _bases, _run, _limits) = (layer, figure, bases, run, limits);
        _scale = Scale.For(figure, limits, [.. bases.SelectMany(series => series.Finite)], [.. run.Finite]);
    }

    /// <summary>
    /// The windows that hold enough readings, not judged yet, with the probability that each is chance. The run is compared at its own steps; the
    /// bases are read between theirs, so that what both do over time cancels out.
    /// </summary>
    public IEnumerable<Judgement> Windows()
    {
        var run = _run.Scaled(_scale.To);
        var bases = _bases.Select(series => series.Scaled(_scale.To)).ToList();
        var common = run.Readings.Where(reading => bases.All(series => double.IsFinite(series.At(reading.Step)))).ToList();
        foreach (var (window, readings) in new[] { (Window.All, common), (Window.End, common[(common.Count - (common.Count / EndShare))..]) })
        {
            if (readings.Count < SerialNoise.FewestReadings)
                continue;
            var runValues = readings.Select(reading => reading.Value).ToArray();
            var baseValues = bases.Select(series => readings.Select(reading => series.At(reading.Step)).ToArray()).ToList();
            var estimate = baseValues is [var only]
                ? SerialNoise.MeanOf([.. runValues.Select((value, index) => value - only[index])])
                : SeedNoise.DifferenceOf(baseValues, runValues);
            yield return new Judgement
            {
                Layer = _layer,
                Figure = _figure,
                Change = Change.None,
                Window = window,
                Readings = readings.Count,
                Base = _scale.From(baseValues.Average(values => values.Average())),
                Run = _scale.From(runValues.Average()),
                Estimate = estimate,
                PValue = estimate.PValue(_scale.Least, _figure.IsWorseWhenLower),
            };
        }
    }

    /// <summary>The judgement where the run's readings are NaN or infinite and the bases' are not; null where they are not.</summary>
    public Judgement? NotFinite()
    {
        var share = NotFiniteShare(_run);
        var before = _bases.Max(NotFiniteShare);
        var isLast = EndsNotFinite(_run) && !_bases.Any(EndsNotFinite);
        if (share <= before || (share - before < _limits.Share && !isLast))
            return null;
        return new Judgement
        {
            Layer = _layer,
            Figure = _figure,
            Change = Change.NotFinite,
            Window = Window.All,
            Readings = _run.Readings.Count,
            Base = MeanOf(_bases.SelectMany(series => series.Finite)),
            Run = double.NaN,
            NotFiniteFrom = _run.Readings.First(reading => !double.IsFinite(reading.Value)).Step,
        };
    }

    private double MeanOf(IEnumerable<double> values) => _scale.From(values.Select(_scale.To).DefaultIfEmpty(double.NaN).Average());

    private static double NotFiniteShare(Series series) =>
        series.Readings.Count == 0 ? 0 : (double)series.Readings.Count(reading => !double.IsFinite(reading.Value)) / series.Readings.Count;

    private static bool EndsNotFinite(Series series) => series.Readings.Count > 0 && !double.IsFinite(series.Readings[^1].Value);
}
