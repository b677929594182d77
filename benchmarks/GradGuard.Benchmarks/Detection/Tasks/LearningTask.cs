using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.Tasks;

/// <summary>Something to learn: data drawn from torch's generator, and the loss that goes with it.</summary>
internal abstract class LearningTask
{
    /// <summary>What it is called in the tables.</summary>
    public abstract string Name { get; }

    /// <summary>What a model for it reads.</summary>
    public abstract InputKind Input { get; }

    /// <summary>Features of a sample or time step, pixels along an image's side, or tokens of the vocabulary.</summary>
    public abstract long Features { get; }

    /// <summary>Classes, or numbers to predict.</summary>
    public abstract long Outputs { get; }

    /// <summary>Time steps; 1 for what has none.</summary>
    public virtual long Length => 1;

    /// <summary>True where the targets are class numbers, judged by cross-entropy; else numbers, judged by their squared error.</summary>
    public virtual bool IsClassification => true;

    /// <summary>Draws samples.</summary>
    /// <returns>Inputs, and targets: [N] class numbers, or [N, <see cref="Outputs"/>] numbers.</returns>
    public abstract (Tensor Inputs, Tensor Targets) Draw(long samples);

    /// <summary>The loss of a model's output [N, <see cref="Outputs"/>]; cross-entropy takes logits.</summary>
    public Tensor Loss(Tensor output, Tensor target)
        => IsClassification ? functional.cross_entropy(output, target) : functional.mse_loss(output, target);

    /// <summary>The loss of the best constant answer: the classes' entropy in nats, or the targets' mean variance.</summary>
    public double TrivialLoss(Tensor targets)
    {
        using var scope = NewDisposeScope();
        if (!IsClassification)
            return targets.var(0, unbiased: false).mean().item<float>();
        var shares = targets.bincount(null).to_type(ScalarType.Float64) / targets.shape[0];
        return special.entr(shares).sum().item<double>();
    }
}
