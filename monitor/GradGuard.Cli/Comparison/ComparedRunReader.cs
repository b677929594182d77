using System.Text.RegularExpressions;
using GradGuard.Cli.Input;
using GradGuard.Cli.Runs;

namespace GradGuard.Cli.Comparison;

/// <summary>Takes the figures to compare out of a run's records.</summary>
internal sealed partial class ComparedRunReader
{
    private readonly Dictionary<(string Layer, Figure Figure), List<Reading>> _readings = [];
    private readonly Dictionary<string, string> _layerOf = [];
    private readonly RunHeader _header;

    private ComparedRunReader(RunHeader header) => _header = header;

    /// <param name="run">The run.</param>
    /// <param name="name">What the user calls it.</param>
    /// <exception cref="InputException">It cannot be read, or recorded no step.</exception>
    public static ComparedRun Of(RunDirectory run, string name)
    {
        var figures = new ComparedRunReader(run.Header);
        var steps = new StepRange(long.MaxValue, long.MinValue);
        foreach (var record in run.Records())
        {
            steps = new(Math.Min(steps.First, record.Step - Math.Max(0, record.Losses.Count - 1)), record.Step);
            figures.Add(record);
        }

        if (steps.IsEmpty)
            throw new InputException($"{run.Path}: it holds no records");
        var alerts = run.Alerts().ToList();
        var names = figures.NamesOfCalls();
        return new ComparedRun
        {
            Name = name,
            Steps = steps,
            Layers = run.Header.Layers.GroupBy(layer => layer.Path).ToDictionary(same => same.Key, same => same.First().Type),
            Series = figures._readings.ToDictionary(entry => (names.GetValueOrDefault(entry.Key.Layer, entry.Key.Layer), entry.Key.Figure), entry => new Series(entry.Value)),
            Alerts = [.. alerts.Select(alert => alert with { Layer = names.GetValueOrDefault(alert.Layer, alert.Layer) })],
            Places = figures.PlacesOf(figures._readings.Keys.Select(key => key.Layer).Concat(alerts.Select(alert => alert.Layer)).Distinct(), names),
            CutShort = run.CutShort,
        };
    }

    private void Add(RunRecord record)
    {
        foreach (var (step, loss) in record.LossesBySteps())
        {
            if (loss is { } value)
                Add("", Figure.Loss, step, value);
        }

        foreach (var layer in record.Parameters.Where(parameter => parameter.GradientNorm is not null).GroupBy(parameter => LayerOf(parameter.Name)))
            Add(layer.Key, Figure.GradientNorm, record.Step, layer.Any(parameter => parameter.NonFinite > 0) ? double.NaN : Norm(layer.Select(parameter => parameter.GradientNorm!.Value)));
        foreach (var layer in record.Updates.GroupBy(update => (Name: LayerOf(update.Name), Step: update.MadeAt(record.Step))))
            AddUpdates(layer.Key.Name, layer.Key.Step + 1, record, [.. layer]);
        foreach (var layer in record.Layers.GroupBy(layer => layer.Layer))
            AddOutputs(layer.Key, record.Step, [.. layer]);
    }

    /// <param name="layer">Whose parameters were updated.</param>
    /// <param name="step">The first step that saw them so.</param>
    /// <param name="record">The line.</param>
    /// <param name="updates">By one step.</param>
    private void AddUpdates(string layer, long step, RunRecord record, IReadOnlyList<UpdateFigures> updates)
    {
        // An update of zero says nothing of the weights' norm, and leaves it as it was.
        var weights = Norm(updates.Select(update =>
            update.Ratio > 0 ? update.Norm / update.Ratio : record.Parameters.FirstOrDefault(parameter => parameter.Name == update.Name && update.Norm == 0)?.WeightNorm ?? 0));
        if (weights is not 0)
            Add(layer, Figure.UpdateRatio, step, Norm(updates.Select(update => update.Norm)) / weights);
    }

    /// <summary>A layer that is called several times counts with all that its calls returned.</summary>
    private void AddOutputs(string layer, long step, IReadOnlyList<LayerFigures> outputs)
    {
        if (Mean(outputs, output => output.Mean) is { } mean && Mean(outputs, output => output.Rms * output.Rms) is { } square)
            Add(layer, Figure.ActivationStd, step, outputs.Any(output => output.NonFinite > 0) ? double.NaN : Math.Sqrt(Math.Max(0, square - (mean * mean))));
        if (outputs.Sum(output => output.Units ?? 0) is > 0 and var units)
            Add(layer, Figure.DeadShare, step, (double)outputs.Sum(output => output.InactiveUnits ?? 0) / units);
        if (Mean(outputs, output => output.SaturatedShare) is { } saturated)
            Add(layer, Figure.SaturatedShare, step, saturated);
    }

    private void Add(string layer, Figure figure, long step, double value)
    {
        if (!_readings.TryGetValue((layer, figure), out var readings))
            _readings[(layer, figure)] = readings = [];
        readings.Add(new(step, value));
    }

    private string LayerOf(string parameter)
    {
        if (!_layerOf.TryGetValue(parameter, out var layer))
            _layerOf[parameter] = layer = _header.LayerOf(parameter);
        return layer;
    }

    private static double Norm(IEnumerable<double> parts) => Math.Sqrt(parts.Sum(part => part * part));

    private static double? Mean(IReadOnlyList<LayerFigures> outputs, Func<LayerFigures, double?> figure)
    {
        var known = outputs.Where(output => figure(output) is not null).ToList();
        return known.Count == 0 ? null : known.Sum(output => figure(output) * output.Calls) / known.Sum(output => output.Calls);
    }

    /// <summary>Activations called as functions are named after their line, which any edit moves: they are known by what they are and their order.</summary>
    private Dictionary<string, string> NamesOfCalls() => _readings.Keys.Select(key => key.Layer).Distinct()
        .Select(layer => (Layer: layer, Match: CallSite().Match(layer)))
        .Where(call => call.Match.Success)
        .GroupBy(call => call.Match.Groups["name"].Value)
        .SelectMany(same => same.OrderBy(call => int.Parse(call.Match.Groups["line"].ValueSpan))
            .Select((call, index) => (call.Layer, Name: index == 0 ? same.Key : $"{same.Key} ({index + 1})")))
        .ToDictionary(call => call.Layer, call => call.Name);

    private Dictionary<string, SourceLine> PlacesOf(IEnumerable<string> layers, Dictionary<string, string> names)
    {
        var places = new Dictionary<string, SourceLine>();
        foreach (var layer in layers)
        {
            if (_header.SourceOf(layer) is { } place)
                places[names.GetValueOrDefault(layer, layer)] = place;
        }

        return places;
    }

    [GeneratedRegex(@"^(?<name>.*:.*)@(?<line>\d{1,9})$")]
    private static partial Regex CallSite();
}
