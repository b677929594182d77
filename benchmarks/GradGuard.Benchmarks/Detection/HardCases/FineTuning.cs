using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.HardCases;

/// <summary>A trained model goes on at a hundredth of its learning rate, with inputs slightly shifted.</summary>
internal sealed class FineTuning : HardCase
{
    public override string Name => "fine-tuning";

    public override int StepsBefore => 300;

    public override double Rate(double usual, int step) => usual / 100;

    public override void BeforeRun(Tensor inputs, Tensor targets)
    {
        if (inputs.is_floating_point())
            inputs.mul_(0.9);
    }
}
