using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Tasks;

/// <summary>Rings around the origin of the plane: most samples on the inner one, 10% on the next, 5% on the outer.</summary>
internal sealed class RareRings : LearningTask
{
    public override string Name => "rare rings";

    public override InputKind Input => InputKind.Vector;

    public override long Features => 2;

    public override long Outputs => 3;

    public override (Tensor Inputs, Tensor Targets) Draw(long samples)
    {
        var draw = rand(samples);
        var targets = (draw > 0.85).to_type(ScalarType.Int64) + (draw > 0.95).to_type(ScalarType.Int64);
        var radius = 0.6 + targets + (0.15 * randn(samples));
        var angle = 2 * Math.PI * rand(samples);
        return (stack([radius * cos(angle), radius * sin(angle)], 1), targets);
    }
}
