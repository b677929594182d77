namespace GradGuard.Monitor;

/// <summary>What a monitor saw of a run, what it did not, and what it cost.</summary>
public sealed class MonitorSummary
{
    /// <summary>Calls of <see cref="GradientMonitor.Observe"/>.</summary>
    public required long Steps { get; init; }

    /// <summary>Steps of which gradients and activations were read.</summary>
    public required long SampledSteps { get; init; }

    /// <summary>Wall time the monitor itself took, its hooks included.</summary>
    public required TimeSpan MonitorTime { get; init; }

    /// <summary>Wall time from the first to the last <see cref="GradientMonitor.Observe"/>.</summary>
    public required TimeSpan RunTime { get; init; }

    /// <summary>Share of the training's own time that monitoring added; NaN before two steps have been seen.</summary>
    public double Overhead => RunTime > MonitorTime ? MonitorTime / (RunTime - MonitorTime) : double.NaN;

    /// <summary>Alerts raised, by catalogue number.</summary>
    public required IReadOnlyDictionary<string, int> AlertCounts { get; init; }

    /// <summary>
    /// What no verdict rests on, by catalogue number: which alert was not looked for, at which layer (empty for the whole model), and why.
    /// Absence of that alert says nothing there.
    /// </summary>
    public required IReadOnlyList<NotEvaluated> NotEvaluated { get; init; }

    /// <summary>What of the model's code the monitor could see beyond hooks.</summary>
    public required CodeCoverage Code { get; init; }

    /// <summary>Tensors that could not be read (disposed by the program, of a type without statistics), counted.</summary>
    public required long SkippedTensors { get; init; }
}

/// <summary>Something the monitor could not judge.</summary>
/// <param name="Id">Catalogue number of the alert that could not have been raised.</param>
/// <param name="Layer">Module path, empty for the whole model.</param>
/// <param name="Reason">Why, and what to do about it.</param>
public sealed record NotEvaluated(string Id, string Layer, string Reason);
