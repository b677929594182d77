using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.HardCases;

/// <summary>Gradients of four batches are added up before each step of the optimizer.</summary>
internal sealed class Accumulation : HardCase
{
    private const int Batches = 4;

    public override string Name => "gradient accumulation";

    public override int Steps(int usual) => 2 * usual;

    public override bool ZeroesGradients(int step) => step % Batches == 0;

    public override Tensor Loss(Tasks.LearningTask task, Tensor output, Tensor targets) => task.Loss(output, targets) / Batches;

    public override bool Updates(int step) => step % Batches == Batches - 1;
}
