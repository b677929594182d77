using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Tasks;

/// <summary>The kind of the token at the place where a marker stands: a lookup by content.</summary>
internal sealed class MarkedToken : LearningTask
{
    private const long Kinds = 4;

    public override string Name => "marked token";

    public override InputKind Input => InputKind.Tokens;

    public override long Features => 2 * Kinds;

    public override long Outputs => Kinds;

    public override long Length => 8;

    public override (Tensor Inputs, Tensor Targets) Draw(long samples)
    {
        var kinds = randint(0, Kinds, [samples, Length]);
        var places = randint(0, Length, samples);
        var marker = nn.functional.one_hot(places, Length);
        return (kinds + (Kinds * marker), kinds.gather(1, places.unsqueeze(1)).squeeze(1));
    }
}
