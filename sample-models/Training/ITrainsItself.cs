using GradGuard.Monitor;
using static TorchSharp.torch;

namespace GradGuard.SampleModels.Training;

/// <summary>A model that brings its own training step, as recurrent models often do.</summary>
public interface ITrainsItself
{
    /// <summary>One step on one batch, watched by <paramref name="monitor"/> if there is one. Returns the loss.</summary>
    Tensor TrainStep(Tensor input, Tensor target, optim.Optimizer optimizer, GradientMonitor? monitor);
}
