using System.Text.Json.Serialization;

namespace GradGuard.Cli.Runs;

/// <summary>A line of <c>alerts.jsonl</c>: one fault, named at the layer nearest its cause.</summary>
/// <param name="Id">Catalogue number, such as <c>GG9004</c>.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Layer">Path; empty for the whole model.</param>
/// <param name="Step">The step it was found at.</param>
/// <param name="Message">What was seen.</param>
/// <param name="Advice">What to change.</param>
/// <param name="Evidence">The measurements behind it, by name.</param>
internal sealed record RunAlert(
    string Id, AlertSeverity Severity, string Layer, long Step, string Message, string Advice, IReadOnlyDictionary<string, double> Evidence) : IRunDocument
{
    [JsonIgnore]
    public string? Fault => Step < 0 ? "'step' is negative"
        : !Enum.IsDefined(Severity) ? "'severity' is none"
        : Id.Length != 6 || !Id.StartsWith("GG9", StringComparison.Ordinal) ? $"'{Id}' is no alert's number"
        : null;
}

/// <summary>How much an alert matters, in rising order.</summary>
internal enum AlertSeverity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Training is harmed.</summary>
    Warning,

    /// <summary>Training cannot succeed as it is.</summary>
    Critical,
}
