using static TorchSharp.torch;

namespace GradGuard.SampleModels.Datasets;

/// <summary>What a sample learns: its examples, its loss, and what counts as a right answer.</summary>
public abstract class LearningTask
{
    /// <summary>Whether the examples come from files, rather than being made up.</summary>
    public abstract bool ReadsFiles { get; }

    /// <summary>Loads or makes the examples. <paramref name="directory"/>: where full data files lie, null for those shipped along.</summary>
    /// <exception cref="IOException">A data file is missing, damaged, or does not fit the others; the message is one line.</exception>
    public abstract Dataset Load(string? directory, int seed);

    /// <summary>The scalar to minimise, of a batch of outputs and targets.</summary>
    public abstract Tensor Loss(Tensor output, Tensor target);

    /// <summary>For each example of the batch, whether the answer is right (bool, shape [batch]).</summary>
    public abstract Tensor IsRight(Tensor output, Tensor target);
}
