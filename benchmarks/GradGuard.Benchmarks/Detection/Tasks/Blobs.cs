using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Tasks;

/// <summary>Gaussian blobs around random centres, told apart; some labels are drawn at random if asked for.</summary>
/// <param name="noise">Share of labels that are random.</param>
internal sealed class Blobs(double noise = 0) : LearningTask
{
    private const double Spread = 1.2;

    public override string Name => noise > 0 ? "noisy blobs" : "blobs";

    public override InputKind Input => InputKind.Vector;

    public override long Features => 16;

    public override long Outputs => 5;

    public override (Tensor Inputs, Tensor Targets) Draw(long samples)
    {
        var centres = randn(Outputs, Features);
        var targets = randint(0, Outputs, samples);
        var inputs = (centres.index_select(0, targets) + (Spread * randn(samples, Features))) / Math.Sqrt(1 + (Spread * Spread));
        return (inputs, where(rand(samples) < noise, randint(0, Outputs, samples), targets));
    }
}
