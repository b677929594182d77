namespace GradGuard.Cli.Checking;

/// <summary>What a run can be alerted of, as the pages of docs/rules have it.</summary>
internal static class AlertCatalogue
{
    /// <summary>Titles by number, in order.</summary>
    public static IReadOnlyDictionary<string, string> Titles { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["GG9001"] = "First NaN or infinity",
        ["GG9002"] = "Exploding gradient",
        ["GG9003"] = "Vanishing gradient",
        ["GG9004"] = "Dead units",
        ["GG9005"] = "Saturated activations",
        ["GG9006"] = "Update out of proportion to the weights",
        ["GG9007"] = "Spike of the loss or of an update",
        ["GG9008"] = "Loss does not move",
        ["GG9009"] = "Recurrence grows or shrinks through time",
        ["GG9010"] = "Poor start",
        ["GG9011"] = "Not trained",
        ["GG9012"] = "Clipping is always on",
        ["GG9013"] = "The monitor's own fault",
    };

    /// <summary>The title of an alert, also of one that only a later monitor raises.</summary>
    public static string TitleOf(string id) => Titles.GetValueOrDefault(id, "Alert of a later monitor");
}
