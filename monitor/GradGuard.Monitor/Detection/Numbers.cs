using System.Globalization;

namespace GradGuard.Monitor.Detection;

/// <summary>Numbers as the messages write them, alike in every culture.</summary>
internal static class Numbers
{
    /// <summary>A share as whole percent.</summary>
    public static string Percent(double share) => share.ToString("P0", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);

    /// <summary>A magnitude in two digits.</summary>
    public static string Short(double value) => value.ToString("G2", CultureInfo.InvariantCulture);
}
