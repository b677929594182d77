using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Faults;

/// <summary>One batch, half-way: with missing values, or in other units and out of step with its labels.</summary>
/// <param name="missing">True for NaN in some features, false for inputs a thousand times too large, each beside the label of its neighbour.</param>
internal sealed class CorruptedBatch(bool missing) : Fault
{
    private const int At = 160;
    private const double LeastJump = 10;

    public override string Name => missing ? "batch with missing values" : "batch in other units";

    public override IReadOnlyList<string> Symptoms => missing ? ["GG9001"] : ["GG9007", "GG9002", "GG9001"];

    public override bool Fits(Architecture architecture, LearningTask task, OptimizerKind optimizer) => task.Input != InputKind.Tokens;

    public override Tensor Spoil(Tensor inputs, int step)
        => step != At ? inputs : missing ? where(inputs > 1, full_like(inputs, double.NaN), inputs) : 1000 * inputs.roll(1, 0);

    public override IReadOnlyList<string> Culprits(nn.Module<Tensor, Tensor> model) => missing ? [""] : [];

    /// <summary>
    /// The loss of the batch is not a number, or ten times the twin's and worse than a guess: a model that takes it without a jolt is
    /// not hurt.
    /// </summary>
    public override bool Harmed(RunOutcome faulty, RunOutcome twin)
        => !double.IsFinite(faulty.Losses[At]) || faulty.Losses[At] > Math.Max(LeastJump * twin.Losses[At], twin.TrivialLoss);
}
