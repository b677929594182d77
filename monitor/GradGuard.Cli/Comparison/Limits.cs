namespace GradGuard.Cli.Comparison;

/// <summary>How sure and how large a change has to be to be called a regression.</summary>
internal sealed record Limits
{
    /// <summary>Share of false alarms that is accepted among the regressions that are called (Benjamini and Hochberg 1995).</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Least factor by which a norm, ratio or spread must have changed, either way.</summary>
    public double Factor { get; init; } = 3;

    /// <summary>Least growth of a share of units or outputs.</summary>
    public double Share { get; init; } = 0.1;

    /// <summary>Least factor by which the loss must have grown.</summary>
    public double LossFactor { get; init; } = 1.25;

    /// <summary>The least factor of a figure that is compared by factor.</summary>
    public double FactorOf(Figure figure) => figure == Figure.Loss ? LossFactor : Factor;
}
