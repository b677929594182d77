using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.HardCases;

/// <summary>Logits divided by a temperature as large as their number: the gradient of the last layer is that much smaller, and right.</summary>
internal sealed class Temperature : HardCase
{
    public override string Name => "temperature";

    public override Tensor Loss(LearningTask task, Tensor output, Tensor targets)
        => task.IsClassification ? task.Loss(output / task.Outputs, targets) : task.Loss(output, targets);
}
