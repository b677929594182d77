using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>Judges a run from its records alone: the same records give the same findings.</summary>
internal interface IDetector
{
    /// <summary>True while a sign stands that is no finding yet: a few more readings decide, and are worth their cost.</summary>
    bool IsSuspicious => false;

    /// <summary>Takes the next record, in order of steps.</summary>
    /// <returns>What is wrong at this step; empty when nothing is, or nothing is known.</returns>
    IEnumerable<Finding> Inspect(StepRecord record);

    /// <summary>Names everything that the verdicts to come depend on, in a fixed order.</summary>
    void Persist(StateArchive archive);
}
