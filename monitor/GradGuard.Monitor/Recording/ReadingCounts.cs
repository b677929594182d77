namespace GradGuard.Monitor.Recording;

/// <summary>Steps read, by how deep.</summary>
/// <param name="Norms">No deeper than norms.</param>
/// <param name="Activations">No deeper than activations.</param>
/// <param name="Everything">Whole.</param>
internal readonly record struct ReadingCounts(long Norms, long Activations, long Everything)
{
    /// <summary>Steps read at whatever depth.</summary>
    public long Sampled => Norms + WithActivations;

    /// <summary>Steps whose activations were read.</summary>
    public long WithActivations => Activations + Everything;

    /// <summary>The counts after one more step.</summary>
    public ReadingCounts With(ReadingDepth depth) => depth switch
    {
        ReadingDepth.Norms => this with { Norms = Norms + 1 },
        ReadingDepth.Activations => this with { Activations = Activations + 1 },
        ReadingDepth.Everything => this with { Everything = Everything + 1 },
        _ => this,
    };
}
