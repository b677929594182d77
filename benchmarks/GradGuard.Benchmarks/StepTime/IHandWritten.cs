namespace GradGuard.Benchmarks.StepTime;

/// <summary>A monitor as one writes it by hand.</summary>
internal interface IHandWritten : IDisposable
{
    /// <summary>Reads the step, after backward.</summary>
    void Observe();
}
