using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Tasks;

/// <summary>Which of two special tokens comes first in a text.</summary>
internal sealed class FirstOfTwo : LearningTask
{
    private const long Ordinary = 6;

    public override string Name => "token order";

    public override InputKind Input => InputKind.Tokens;

    public override long Features => Ordinary + 2;

    public override long Outputs => 2;

    public override long Length => 8;

    public override (Tensor Inputs, Tensor Targets) Draw(long samples)
    {
        var inputs = randint(0, Ordinary, [samples, Length]);
        var places = rand(samples, Length).argsort(1).narrow(1, 0, 2);
        inputs.scatter_(1, places.narrow(1, 0, 1), full([samples, 1], Ordinary, ScalarType.Int64));
        inputs.scatter_(1, places.narrow(1, 1, 1), full([samples, 1], Ordinary + 1, ScalarType.Int64));
        return (inputs, (places.select(1, 0) > places.select(1, 1)).to_type(ScalarType.Int64));
    }
}
