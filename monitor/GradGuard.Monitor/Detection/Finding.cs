namespace GradGuard.Monitor.Detection;

/// <summary>A fault as a detector sees it at one step. The same finding comes back as long as the fault lasts.</summary>
/// <param name="Id">Catalogue number.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Layer">Path of the layer nearest the cause; empty for the whole model.</param>
/// <param name="Message">One line with the numbers.</param>
/// <param name="Advice">One line that fits the layer.</param>
/// <param name="Evidence">The measurements behind it.</param>
internal sealed record Finding(
    string Id, AlertSeverity Severity, string Layer, string Message, string Advice, IReadOnlyDictionary<string, double> Evidence);
