namespace GradGuard.Cli.Comparison;

/// <summary>What became of one figure of one layer.</summary>
internal sealed record Judgement
{
    /// <summary>Path; empty for the whole model.</summary>
    public required string Layer { get; init; }

    public required Figure Figure { get; init; }

    public required Change Change { get; init; }

    /// <summary>The readings that were compared: all, or the last third where that says more.</summary>
    public required Window Window { get; init; }

    /// <summary>Steps that were read.</summary>
    public required int Readings { get; init; }

    /// <summary>Mean of BASE over those steps: geometric for what is compared by factor. NaN where nothing was a number.</summary>
    public required double Base { get; init; }

    /// <summary>The same of RUN.</summary>
    public required double Run { get; init; }

    /// <summary>What became of it on the figure's scale, with its error; null where too little was a number.</summary>
    public Estimate? Estimate { get; init; }

    /// <summary>Probability by chance, adjusted for the number of comparisons; null where it was not estimated.</summary>
    public double? PValue { get; init; }

    /// <summary>The first step whose reading is NaN or infinite in RUN; null where that is no change.</summary>
    public long? NotFiniteFrom { get; init; }

    public bool IsRegression => Change != Change.None;
}

/// <summary>What a figure did beyond noise.</summary>
internal enum Change
{
    /// <summary>Nothing that is worse.</summary>
    None,

    /// <summary>It rose, which is worse.</summary>
    Higher,

    /// <summary>It fell, which is worse.</summary>
    Lower,

    /// <summary>It is NaN or infinite where it was not.</summary>
    NotFinite,
}

/// <summary>What of the common steps was looked at.</summary>
internal enum Window
{
    All,

    /// <summary>The last third of the readings: a fault that comes late is diluted in all of them.</summary>
    End,
}
