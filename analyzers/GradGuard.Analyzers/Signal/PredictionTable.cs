using System.Globalization;
using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Signal;

/// <summary>What is predicted of each layer of a model at the start of training, in the order of evaluation.</summary>
internal sealed class PredictionTable
{
    /// <summary>The heading of each column, in the order of <see cref="PredictionRow.Cells"/>.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["layer", "kind", "fan-in", "pre-act. std", "saturated", "dead", "gradient gain", "gradient / last"];

    private PredictionTable(string model, IReadOnlyList<PredictionRow> rows, IReadOnlyList<string> notes)
    {
        Model = model;
        Rows = rows;
        Notes = notes;
    }

    public string Model { get; }

    public IReadOnlyList<PredictionRow> Rows { get; }

    /// <summary>What was assumed, and what is not known and why.</summary>
    public IReadOnlyList<string> Notes { get; }

    public static PredictionTable Of(SignalReport report)
    {
        var rows = new List<PredictionRow>();
        var notes = new List<string>();
        for (var i = 0; i < report.PreActivations.Count; i++)
        {
            var signal = report.PreActivations[i];
            var next = i + 1 < report.PreActivations.Count ? report.PreActivations[i + 1].GradientRms : null;
            var gain = next > 0 ? signal.GradientRms / next : null;
            rows.Add(PredictionRow.Of(report, signal, gain));
            if (signal.UnknownBecause.Length > 0)
                notes.Add($"{rows[i].Layer}: not known ({signal.UnknownBecause})");
        }
        if (report.PreActivations.Any(signal => signal.AssumesUnitInput))
            notes.Add("inputs are taken to have independent entries of mean 0 and RMS 1");
        return new(report.Graph.Name, rows, notes);
    }

    /// <summary>The model's name, then <see cref="Lines"/>.</summary>
    public override string ToString() => string.Join("\n", new[] { Model }.Concat(Lines()));

    /// <summary>The table with aligned columns, one layer a line, notes below. Numbers are in the invariant culture.</summary>
    public IEnumerable<string> Lines()
    {
        var cells = new List<IReadOnlyList<string>> { Columns };
        cells.AddRange(Rows.Select(row => row.Cells()));
        var widths = Enumerable.Range(0, Columns.Count).Select(column => cells.Max(line => line[column].Length)).ToArray();
        var lines = cells.Select(line => string.Join("  ", line.Select((cell, column) => Align(cell, widths[column], column))).TrimEnd());
        return lines.Concat(Notes.Select(note => $"- {note}"));
    }

    private static string Align(string cell, int width, int column) => column < 2 ? cell.PadRight(width) : cell.PadLeft(width);
}

/// <summary>One layer's line: numbers are null where they are not known or do not apply.</summary>
/// <param name="Layer">Path of the layer, or a name for a product written by hand.</param>
/// <param name="Kind">Kind of layer.</param>
/// <param name="FanIn">Inputs one pre-activation sums over.</param>
/// <param name="PreActivationStd">Standard deviation over units and samples.</param>
/// <param name="SaturatedShare">Of the activation that follows.</param>
/// <param name="DeadShare">Of the rectifier that follows.</param>
/// <param name="GradientGain">RMS gradient at this pre-activation over that at the next one.</param>
/// <param name="GradientRatio">RMS gradient at this pre-activation over that at the last one.</param>
internal sealed record PredictionRow(
    string Layer,
    string Kind,
    double? FanIn,
    double? PreActivationStd,
    double? SaturatedShare,
    double? DeadShare,
    double? GradientGain,
    double? GradientRatio)
{
    private const string NotKnown = "?";
    private const string ByHand = "(by hand)";

    /// <summary>True for a product that no layer makes: the code multiplies itself.</summary>
    internal bool IsByHand => Layer == ByHand;

    public static PredictionRow Of(SignalReport report, NodeSignal signal, double? gain)
    {
        var layer = signal.Node switch
        {
            AffineNode affine => affine.Layer,
            RecurrentLayerNode recurrent => recurrent.Layer,
            _ => null,
        };
        var activation = report.ActivationAfter(signal.Node);
        return new(
            layer is { Path.Length: > 0 } ? layer.Path : ByHand,
            layer?.Kind.ToString() ?? (signal.Node is RecurrenceNode ? "Recurrence" : "Product"),
            layer?.FanIn ?? (signal.Node as ProductNode)?.InnerWidth,
            signal.Value?.Std,
            activation?.SaturatedShare,
            activation?.DeadShare,
            gain,
            report.RatioToLast(signal));
    }

    internal string[] Cells() =>
        [Layer, Kind, Number(FanIn), Number(PreActivationStd), Percent(SaturatedShare), Percent(DeadShare), Number(GradientGain), Number(GradientRatio)];

    private static string Number(double? value) => value?.ToString("G3", CultureInfo.InvariantCulture) ?? NotKnown;

    private static string Percent(double? share) => share is { } s ? (100 * s).ToString("0.#", CultureInfo.InvariantCulture) + "%" : "-";
}
