using System.Runtime;

namespace GradGuard.SampleModels.Tests.Training;

/// <summary>A background collection ends while a training step is inside TorchSharp, and frees the scalars of that very call.</summary>
public sealed class CollectorTests
{
    [Fact]
    public void Training_runs_without_background_collections() => Assert.Equal(GCLatencyMode.Batch, GCSettings.LatencyMode);
}
