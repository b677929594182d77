using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Tasks;

/// <summary>Friedman's function of five of ten uniform inputs (1991), scaled to unit variance but not centred: its mean is three.</summary>
internal sealed class FriedmanRegression : LearningTask
{
    private const double Deviation = 4.9;

    public override string Name => "friedman";

    public override InputKind Input => InputKind.Vector;

    public override long Features => 10;

    public override long Outputs => 1;

    public override bool IsClassification => false;

    public override (Tensor Inputs, Tensor Targets) Draw(long samples)
    {
        var inputs = rand(samples, Features);
        var x = Enumerable.Range(0, 5).Select(feature => inputs.select(1, feature)).ToArray();
        var value = (10 * sin(Math.PI * x[0] * x[1])) + (20 * (x[2] - 0.5).square()) + (10 * x[3]) + (5 * x[4]);
        return (inputs, (value / Deviation).unsqueeze(1));
    }
}
