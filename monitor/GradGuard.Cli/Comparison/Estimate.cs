namespace GradGuard.Cli.Comparison;

/// <summary>A mean difference and how far it may be off.</summary>
/// <param name="Difference">RUN less BASE, on the figure's scale.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Degrees">Degrees of freedom of that error.</param>
internal readonly record struct Estimate(double Difference, double Error, double Degrees)
{
    /// <summary>
    /// The probability to see such a difference where the true one is no worse than <paramref name="least"/>: a test against a least effect
    /// instead of against nothing, so that what is certain and trifling passes (TREAT: McCarthy and Smyth, Bioinformatics 25, 2009).
    /// </summary>
    /// <param name="least">The least effect, above 0.</param>
    /// <param name="eitherWay">True where a difference downwards is worse too.</param>
    public double PValue(double least, bool eitherWay)
    {
        if (!eitherWay)
            return Tail(Difference - least);
        var size = Math.Abs(Difference);
        return Math.Min(1, Tail(size - least) + Tail(size + least));
    }

    private double Tail(double excess) => Error > 0 ? StudentT.UpperTail(excess / Error, Degrees) : excess > 0 ? 0 : 1;
}
