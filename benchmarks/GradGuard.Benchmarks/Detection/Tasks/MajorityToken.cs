using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Tasks;

/// <summary>Which of three groups of tokens a text holds most of.</summary>
internal sealed class MajorityToken : LearningTask
{
    public override string Name => "majority";

    public override InputKind Input => InputKind.Tokens;

    public override long Features => 24;

    public override long Outputs => 3;

    public override long Length => 15;

    public override (Tensor Inputs, Tensor Targets) Draw(long samples)
    {
        var topics = randint(0, Outputs, [samples, 1]);
        var any = randint(0, Features, [samples, Length]);
        var ofTopic = (any / Outputs).floor().to_type(ScalarType.Int64) * Outputs + topics;
        var inputs = where(rand(samples, Length) < 0.5, ofTopic, any);
        return (inputs, topics.squeeze(1));
    }
}
