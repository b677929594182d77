using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.HardCases;

/// <summary>Labels that leave a tenth to the other classes: the loss keeps a floor, and its gradient falls to nothing above it.</summary>
internal sealed class LabelSmoothing : HardCase
{
    private const double Share = 0.1;

    public override string Name => "label smoothing";

    public override Tensor Loss(LearningTask task, Tensor output, Tensor targets)
        => task.IsClassification ? nn.functional.cross_entropy(output, targets, label_smoothing: Share) : task.Loss(output, targets);
}
