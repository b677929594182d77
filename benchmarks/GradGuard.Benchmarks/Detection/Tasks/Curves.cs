using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Tasks;

/// <summary>Sums of two waves of random phase and height, to be reproduced through a narrow code.</summary>
internal sealed class Curves(bool bumps = false) : LearningTask
{
    public override string Name => bumps ? "bumps" : "waves";

    public override InputKind Input => InputKind.Curve;

    public override long Features => 24;

    public override long Outputs => Features;

    public override bool IsClassification => false;

    public override (Tensor Inputs, Tensor Targets) Draw(long samples)
    {
        var x = arange(Features, ScalarType.Float32).unsqueeze(0) / Features;
        var height = randn(samples, 2, 1);
        var place = rand(samples, 2, 1);
        var waves = bumps
            ? exp(-50 * (x - place).square())
            : sin(2 * Math.PI * (place + (x * tensor(new[] { 1f, 2f }).reshape(1, 2, 1))));
        var inputs = (height * waves).sum(1);
        return (inputs, inputs);
    }
}
