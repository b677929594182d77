using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Faults;

/// <summary>Probabilities where cross-entropy wants logits.</summary>
internal sealed class SoftmaxBeforeCrossEntropy : Fault
{
    public override string Name => "softmax before cross-entropy";

    public override IReadOnlyList<string> Symptoms => Standstill;

    public override bool Fits(Architecture architecture, LearningTask task, OptimizerKind optimizer) => task.IsClassification;

    public override Tensor Loss(LearningTask task, Tensor output, Tensor targets) => task.Loss(output.softmax(1), targets);
}
