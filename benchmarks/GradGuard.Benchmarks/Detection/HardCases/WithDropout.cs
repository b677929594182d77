using GradGuard.Benchmarks.Detection.Architectures;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.HardCases;

/// <summary>Dropout behind each activation.</summary>
internal sealed class WithDropout : HardCase
{
    private const double Share = 0.2;

    public override string Name => "dropout";

    public override bool Fits(Architecture architecture) => architecture.IsChain;

    public override void Rewire(List<Stage> stages)
    {
        for (var index = stages.Count - 1; index >= 0; index--)
        {
            if (stages[index].Name.StartsWith("act", StringComparison.Ordinal))
                stages.Insert(index + 1, new Stage("drop" + stages[index].Name[3..], nn.Dropout(Share)));
        }
    }
}
