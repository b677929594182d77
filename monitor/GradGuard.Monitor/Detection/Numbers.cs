using System.Globalization;

namespace GradGuard.Monitor.Detection;

/// <summary>Numbers as the messages write them, alike in every culture.</summary>
internal static class Numbers
{
    private const int Digits = 2;
    private const double LeastPlain = 1e-4;
    private const double MostPlain = 1e7;

    /// <summary>A share as whole percent.</summary>
    public static string Percent(double share) => share.ToString("P0", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);

    /// <summary>A magnitude in two significant digits: 0.036, 1.5, 34,000; as a power of ten only below 1e-4 and from 1e7.</summary>
    public static string Short(double value)
    {
        var size = Math.Abs(value);
        if (!double.IsFinite(value) || size is not (0 or (>= LeastPlain and < MostPlain)))
            return value.ToString("0.#e+0", CultureInfo.InvariantCulture).Replace("e+", "e", StringComparison.Ordinal);
        var decimals = size == 0 ? 0 : Digits - 1 - (int)Math.Floor(Math.Log10(size));
        var unit = Math.Pow(10, Math.Abs(decimals));
        var rounded = decimals >= 0 ? Math.Round(value * unit) / unit : Math.Round(value / unit) * unit;
        return rounded.ToString("#,0.######", CultureInfo.InvariantCulture);
    }
}
