using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Tasks;

/// <summary>A bright spot in a noisy image: in which quarter it lies.</summary>
internal sealed class Spots : LearningTask
{
    public override string Name => "spots";

    public override InputKind Input => InputKind.Image;

    public override long Features => 12;

    public override long Outputs => 4;

    public override (Tensor Inputs, Tensor Targets) Draw(long samples)
    {
        var places = rand(samples, 2) * (Features - 1);
        var row = arange(Features, ScalarType.Float32).reshape(1, 1, Features, 1) - places.select(1, 0).reshape(samples, 1, 1, 1);
        var column = arange(Features, ScalarType.Float32).reshape(1, 1, 1, Features) - places.select(1, 1).reshape(samples, 1, 1, 1);
        var inputs = (4 * exp(-((row * row) + (column * column)) / 4)) + (0.5 * randn(samples, 1, Features, Features));
        var halves = (places > (Features - 1) / 2.0).to_type(ScalarType.Int64);
        return (inputs, (2 * halves.select(1, 0)) + halves.select(1, 1));
    }
}
