using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Faults;

/// <summary>A loss that takes the logarithm of probabilities that reach zero.</summary>
internal sealed class UndefinedLoss : Fault
{
    public override string Name => "NaN by the loss";

    public override IReadOnlyList<string> Symptoms => ["GG9001"];

    public override bool Fits(Architecture architecture, LearningTask task, OptimizerKind optimizer) => task.IsClassification;

    /// <summary>Logits are scaled as a low temperature would, so that a softmax in single precision soon rounds to zero.</summary>
    public override Tensor Loss(LearningTask task, Tensor output, Tensor targets)
        => nn.functional.nll_loss((40 * output).softmax(1).log(), targets);

    /// <summary>It ended in NaN: a softmax that never came to zero was harmless.</summary>
    public override bool Harmed(RunOutcome faulty, RunOutcome twin) => !double.IsFinite(faulty.FinalLoss);

    /// <summary>No layer is at fault, and the alert must say so.</summary>
    public override IReadOnlyList<string> Culprits(nn.Module<Tensor, Tensor> model) => [""];
}
