using static TorchSharp.torch;

namespace GradGuard.SampleModels.Datasets;

/// <summary>Training and test examples in memory; the first dimension of each tensor counts examples.</summary>
public sealed record Dataset(Tensor TrainInputs, Tensor TrainTargets, Tensor TestInputs, Tensor TestTargets) : IDisposable
{
    public void Dispose()
    {
        TrainInputs.Dispose();
        TrainTargets.Dispose();
        TestInputs.Dispose();
        TestTargets.Dispose();
    }
}
