using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Tasks;

/// <summary>Three arms of a spiral in the plane.</summary>
internal sealed class Spirals : LearningTask
{
    public override string Name => "spirals";

    public override InputKind Input => InputKind.Vector;

    public override long Features => 2;

    public override long Outputs => 3;

    public override (Tensor Inputs, Tensor Targets) Draw(long samples)
    {
        var targets = randint(0, Outputs, samples);
        var radius = rand(samples) + 0.1;
        var angle = (4 * radius) + (targets * (2 * Math.PI / Outputs)) + (0.15 * randn(samples));
        return (1.6 * stack([radius * cos(angle), radius * sin(angle)], 1), targets);
    }
}
