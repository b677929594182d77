using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Faults;

/// <summary>Something done wrong, with what a right alarm about it looks like.</summary>
internal abstract class Fault : Variation
{
    /// <summary>Catalogue numbers that describe what it does to training, the most telling first.</summary>
    public abstract IReadOnlyList<string> Symptoms { get; }

    /// <summary>
    /// What too large a step does: updates out of proportion, explosion in depth or through time, spikes, a loss that jumps about, NaN,
    /// and units that it throws where they are dead or saturated.
    /// </summary>
    protected static readonly IReadOnlyList<string> Explosion = ["GG9006", "GG9002", "GG9009", "GG9007", "GG9008", "GG9001", "GG9004", "GG9005"];

    /// <summary>What too small a step does: updates out of proportion, a loss that stands still.</summary>
    protected static readonly IReadOnlyList<string> Standstill = ["GG9006", "GG9008"];

    /// <summary>True where it can be done to a program.</summary>
    public abstract bool Fits(Architecture architecture, LearningTask task, OptimizerKind optimizer);

    /// <summary>
    /// Paths of the modules that are at fault, any module inside them included; empty where it is no layer's fault. Asked after
    /// <see cref="Variation.Prepare"/>.
    /// </summary>
    public virtual IReadOnlyList<string> Culprits(nn.Module<Tensor, Tensor> model) => [];

    /// <summary>
    /// Whether the fault did its harm: by default the loss at the end is not a number, or worse than the healthy twin's by a tenth
    /// of all that the twin learned.
    /// </summary>
    public virtual bool Harmed(RunOutcome faulty, RunOutcome twin)
        => !double.IsFinite(faulty.FinalLoss) || faulty.FinalLoss - twin.FinalLoss > LeastHarm * (twin.TrivialLoss - twin.FinalLoss);

    /// <summary>Share of what the twin learned that must be missing.</summary>
    public const double LeastHarm = 0.1;
}
