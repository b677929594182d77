using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Tasks;

/// <summary>The first symbol of a sequence, asked for at its end: it must be kept over all time steps.</summary>
internal sealed class FirstSymbol : LearningTask
{
    public override string Name => "first symbol";

    public override InputKind Input => InputKind.Sequence;

    public override long Features => 4;

    public override long Outputs => 4;

    public override long Length => 16;

    public override (Tensor Inputs, Tensor Targets) Draw(long samples)
    {
        var symbols = randint(0, Features, [samples, Length]);
        return (nn.functional.one_hot(symbols, Features).to_type(ScalarType.Float32), symbols.select(1, 0).clone());
    }
}
