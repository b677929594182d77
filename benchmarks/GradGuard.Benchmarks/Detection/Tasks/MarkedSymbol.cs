using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Tasks;

/// <summary>The symbol under a marker that lies in the first four time steps, asked for at the end.</summary>
internal sealed class MarkedSymbol : LearningTask
{
    private const long Symbols = 3;
    private const long MarkedSteps = 4;

    public override string Name => "marked symbol";

    public override InputKind Input => InputKind.Sequence;

    public override long Features => Symbols + 1;

    public override long Outputs => Symbols;

    public override long Length => 14;

    public override (Tensor Inputs, Tensor Targets) Draw(long samples)
    {
        var symbols = randint(0, Symbols, [samples, Length]);
        var places = randint(0, MarkedSteps, [samples, 1]);
        var marker = nn.functional.one_hot(places.squeeze(1), Length).unsqueeze(2);
        var inputs = cat([nn.functional.one_hot(symbols, Symbols), 2 * marker], 2).to_type(ScalarType.Float32);
        return (inputs, symbols.gather(1, places).squeeze(1));
    }
}
