using GradGuard.Benchmarks.Detection.Faults;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Monitor;

namespace GradGuard.Benchmarks.Detection;

/// <summary>A run of a faulty program beside its healthy twin's of the same seed.</summary>
internal sealed record FaultyRun(SupervisedProgram Program, RunOutcome Outcome, RunOutcome Twin)
{
    private Fault Fault => Program.Fault!;

    /// <summary>True where the twin trains and the fault did harm: only then is silence a miss.</summary>
    public bool Counts => Twin.Trains && Fault.Harmed(Outcome, Twin);

    /// <summary>True where the fault has a layer to name.</summary>
    public bool HasCulprit => Outcome.Culprits.Count > 0;

    /// <summary>The first alarm that describes what the fault does.</summary>
    public Alert? RightAlert => Outcome.Alarms.FirstOrDefault(alert => Fault.Symptoms.Contains(alert.Id));

    /// <summary>True where the fault is told, if only as information.</summary>
    public bool IsTold => Outcome.Alerts.Any(alert => Fault.Symptoms.Contains(alert.Id));

    /// <summary>True where that alert names a module at fault, or one inside it.</summary>
    public bool NamesCulprit => RightAlert is { } alert
        && Outcome.Culprits.Any(culprit => alert.Layer == culprit || (culprit.Length > 0 && alert.Layer.StartsWith(culprit + ".", StringComparison.Ordinal)));
}
