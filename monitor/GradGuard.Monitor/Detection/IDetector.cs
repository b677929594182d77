using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>Judges a run from its records alone: the same records give the same findings.</summary>
internal interface IDetector
{
    /// <summary>Takes the next record, in order of steps.</summary>
    /// <returns>What is wrong at this step; empty when nothing is, or nothing is known.</returns>
    IEnumerable<Finding> Inspect(StepRecord record);
}
