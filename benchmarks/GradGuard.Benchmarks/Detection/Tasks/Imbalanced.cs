using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Tasks;

/// <summary>Three classes, of 92%, 5% and 3% of the samples.</summary>
internal sealed class Imbalanced : LearningTask
{
    public override string Name => "imbalanced";

    public override InputKind Input => InputKind.Vector;

    public override long Features => 12;

    public override long Outputs => 3;

    public override (Tensor Inputs, Tensor Targets) Draw(long samples)
    {
        var draw = rand(samples);
        var targets = (draw > 0.92).to_type(ScalarType.Int64) + (draw > 0.97).to_type(ScalarType.Int64);
        var centres = 1.5 * randn(Outputs, Features);
        return (centres.index_select(0, targets) + randn(samples, Features), targets);
    }
}
