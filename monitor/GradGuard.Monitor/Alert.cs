using System.Globalization;

namespace GradGuard.Monitor;

/// <summary>One fault found in a run, named at the layer nearest its cause.</summary>
public sealed class Alert
{
    internal Alert(string id, AlertSeverity severity, string layer, long step, string message, string advice,
        IReadOnlyDictionary<string, double> evidence)
    {
        Id = id;
        Severity = severity;
        Layer = layer;
        Step = step;
        Message = message;
        Advice = advice;
        Evidence = evidence;
    }

    /// <summary>Catalogue number, such as <c>GG9004</c>.</summary>
    public string Id { get; }

    /// <summary>How much it matters.</summary>
    public AlertSeverity Severity { get; }

    /// <summary>Path of the module as in <c>named_modules()</c>; empty for the whole model.</summary>
    public string Layer { get; }

    /// <summary>The step it was found at; the first <see cref="GradientMonitor.Observe"/> is step 0.</summary>
    public long Step { get; }

    /// <summary>One sentence, which begins small after the place it is said of: what was seen, with its numbers.</summary>
    public string Message { get; }

    /// <summary>One line: what to change, fitted to this layer.</summary>
    public string Advice { get; }

    /// <summary>The measurements the verdict rests on, by name.</summary>
    public IReadOnlyDictionary<string, double> Evidence { get; }

    /// <summary>The alert on one line, ended by a full stop: <see cref="Advice"/> can follow it.</summary>
    public override string ToString()
    {
        var layer = Layer.Length == 0 ? "model" : Layer;
        return string.Create(CultureInfo.InvariantCulture, $"{Id} {Severity} at {layer}, step {Step}: {Message}.");
    }
}
