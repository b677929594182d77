using GradGuard.SampleModels.Datasets;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradGuard.SampleModels.Catalogue;

/// <summary>A model to train, how to train it, and what GradGuard should say about it.</summary>
public sealed record Sample
{
    /// <summary>The name on the command line; a pair's members share its beginning.</summary>
    public required string Name { get; init; }

    /// <summary>One line: what there is to see.</summary>
    public required string Shows { get; init; }

    public required SampleKind Kind { get; init; }

    public required LearningTask Task { get; init; }

    /// <summary>Builds the model with fresh weights from torch's generator.</summary>
    public required Func<nn.Module<Tensor, Tensor>> Create { get; init; }

    public required Func<IEnumerable<Parameter>, optim.Optimizer> Optimizer { get; init; }

    /// <summary>Steps that are enough to see it.</summary>
    public int Steps { get; init; } = 150;

    /// <summary>Examples of a step.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Norm to clip the gradient to; null for no clipping.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>The alert of the run that names the fault; null where the run shows none.</summary>
    public ExpectedAlert? Expected { get; init; }

    /// <summary>IDs of the warnings that the build prints for the model's code.</summary>
    public IReadOnlyList<string> AtCompileTime { get; init; } = [];
}

/// <summary>An alert by its catalogue number and the path of its layer.</summary>
public sealed record ExpectedAlert(string Id, string Layer);

public enum SampleKind
{
    /// <summary>Cannot learn well, for the reason it shows.</summary>
    Broken,

    /// <summary>The twin of a broken model, with the fault mended.</summary>
    Fixed,

    /// <summary>Ordinary models without a broken twin.</summary>
    Healthy,
}
