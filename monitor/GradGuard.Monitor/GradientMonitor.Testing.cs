using GradGuard.Monitor.Instrumentation;
using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor;

/// <content>What an assertion over a run asks, beyond what a training program sees.</content>
public sealed partial class GradientMonitor
{
    /// <summary>Raised inside <see cref="Observe"/> with the record of each step; not once the monitor is faulted.</summary>
    internal event Action<StepRecord>? Recorded;

    /// <summary>Steps read so far.</summary>
    internal ReadingCounts Reads => _reads;

    /// <summary>What <see cref="MonitorSummary.MonitorTime"/> says, without judging the steps that wait.</summary>
    internal TimeSpan OwnTime => _meter.OwnTime;

    /// <summary>Calls of <see cref="Observe"/> that counted.</summary>
    internal long ObservedSteps => _steps;

    /// <summary>True once an internal fault ended the watch.</summary>
    internal bool IsFaulted => _faulted;

    /// <summary>The line that made a layer; null where the project was built without instrumentation, or its code does not tell.</summary>
    /// <param name="path">Path as in <c>named_modules()</c>.</param>
    internal CodeLine? SourceOf(string path)
        => _reader.Layers.FirstOrDefault(layer => layer.Description.Path == path) is { } layer ? InstrumentedCode.Of(_reader.Layers).SourceOf(layer) : null;
}
