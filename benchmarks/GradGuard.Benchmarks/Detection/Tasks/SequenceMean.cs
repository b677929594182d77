using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Tasks;

/// <summary>The mean of a noisy sequence's first half, asked for at its end.</summary>
internal sealed class SequenceMean : LearningTask
{
    public override string Name => "early mean";

    public override InputKind Input => InputKind.Sequence;

    public override long Features => 3;

    public override long Outputs => 3;

    public override long Length => 16;

    public override bool IsClassification => false;

    public override (Tensor Inputs, Tensor Targets) Draw(long samples)
    {
        var inputs = randn(samples, Length, Features);
        return (inputs, 2 * inputs.narrow(1, 0, Length / 2).mean([1L]));
    }
}
