using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Tasks;

/// <summary>The largest number of each channel of a noisy sequence, asked for at its end.</summary>
internal sealed class SequencePeak : LearningTask
{
    public override string Name => "peak";

    public override InputKind Input => InputKind.Sequence;

    public override long Features => 2;

    public override long Outputs => 2;

    public override long Length => 14;

    public override bool IsClassification => false;

    public override (Tensor Inputs, Tensor Targets) Draw(long samples)
    {
        var inputs = randn(samples, Length, Features);
        return (inputs, inputs.amax([1L]));
    }
}
