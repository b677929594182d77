using System.Globalization;
using GradGuard.Cli.Comparison;

namespace GradGuard.Cli.Formats.Comparisons;

/// <summary>How the parts of a comparison are said to people.</summary>
internal static class ComparisonWords
{
    private const double LeastShownChance = 1e-4;

    public static string Layer(string path) => path.Length == 0 ? "model" : path;

    public static string Value(Figure figure, double value) =>
        double.IsNaN(value) ? "NaN" : figure.IsShare ? Number(100 * value, "0.#") + "%" : Number(value, value != 0 && Math.Abs(value) is < 0.001 or >= 10_000 ? "0.0e0" : "G3");

    /// <summary>By what factor, or by how many points of a hundred.</summary>
    public static string Change(Judgement judgement)
    {
        if (judgement.NotFiniteFrom is { } step)
            return $"not finite from step {step}";
        if (judgement.Figure.IsShare || judgement.Base <= 0 || judgement.Run <= 0)
            return judgement.Figure.IsShare ? Number(100 * (judgement.Run - judgement.Base), "+0.#;-0.#") + " points" : $"to {Value(judgement.Figure, judgement.Run)}";
        var factor = judgement.Run / judgement.Base;
        return factor >= 1 ? "× " + Number(factor, "G3") : "÷ " + Number(1 / factor, "G3");
    }

    public static string Chance(Judgement judgement) => judgement.PValue switch
    {
        null => "",
        < LeastShownChance => "< 0.0001",
        { } value => Number(value, "0.####"),
    };

    public static string Where(Judgement judgement) => judgement.Window == Window.End ? $"last {judgement.Readings}" : judgement.Readings.ToString(CultureInfo.InvariantCulture);

    public static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
