using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Tasks;

/// <summary>Noisy stripes in an image, of four directions and any phase.</summary>
internal sealed class Stripes : LearningTask
{
    public override string Name => "stripes";

    public override InputKind Input => InputKind.Image;

    public override long Features => 12;

    public override long Outputs => 4;

    public override (Tensor Inputs, Tensor Targets) Draw(long samples)
    {
        var targets = randint(0, Outputs, samples);
        var angle = (targets * (Math.PI / Outputs)).reshape(samples, 1, 1, 1);
        var phase = 2 * Math.PI * rand(samples, 1, 1, 1);
        var row = arange(Features, ScalarType.Float32).reshape(1, 1, Features, 1);
        var column = arange(Features, ScalarType.Float32).reshape(1, 1, 1, Features);
        var waves = sin((1.5 * ((row * cos(angle)) + (column * sin(angle)))) + phase);
        return (waves + (0.5 * randn(samples, 1, Features, Features)), targets);
    }
}
