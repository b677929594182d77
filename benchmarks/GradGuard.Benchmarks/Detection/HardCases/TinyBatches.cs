namespace GradGuard.Benchmarks.Detection.HardCases;

/// <summary>Batches of four samples at a quarter of the rate: loss and gradients jump.</summary>
internal sealed class TinyBatches : HardCase
{
    public override string Name => "tiny batches";

    public override int Steps(int usual) => usual + (usual / 3);

    public override int BatchSize(int usual) => 4;

    public override double Rate(double usual, int step) => usual / 4;
}
