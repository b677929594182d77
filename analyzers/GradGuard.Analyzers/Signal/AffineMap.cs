namespace GradGuard.Analyzers.Signal;

/// <summary>
/// z = W·x + b with independent weights of given mean and variance. Forward (LeCun et al. 1998; Glorot and Bengio 2010; He et al. 2015):
/// E[z²] = n·σ²·E[x²] + μ²·E[(Σx)²] + E[b²], n the inputs a value sums over; the same map holds for each two-point moment, where only terms in μ and the
/// mean of b join different units. Backward is the transposed map with n the outputs an input reaches, and no bias.
/// </summary>
internal sealed record AffineMap
{
    /// <summary>n·σ²: inputs per output times the weights' variance.</summary>
    public required double? Gain { get; init; }

    /// <summary>The same for the transposed map.</summary>
    public required double? BackwardGain { get; init; }

    public double? Inputs { get; init; }

    public double? Outputs { get; init; }

    /// <summary>
    /// Share of a value's inputs that it has in common with the same unit's values elsewhere: below 1 where zero padding takes some away at the edges.
    /// </summary>
    public double SharedInputs { get; init; } = 1;

    public double WeightMean { get; init; }

    public WeightMoments Bias { get; init; }

    /// <summary>The pre-activation's moments; null where a number that matters is not known.</summary>
    public Moments? Forward(Moments x)
    {
        if (Apply(x, Gain, Inputs) is not { } z)
            return null;
        z = z with { AcrossSamples = z.AcrossSamples * SharedInputs };
        if (WeightMean != 0)
            z = z with { Mean = WeightMean * Inputs!.Value * x.Mean };
        return z.Plus(Moments.SharedBySamples(Bias.Mean, Bias.Variance));
    }

    /// <summary>
    /// The gradient at the input for one at the output, independent of the weights (gradient independence, Schoenholz et al. 2017). Exact for wide
    /// layers when the weights are centred; with a mean beside a comparable spread, and inputs that are not centred either, the rows'
    /// sums drive both passes and the true gradient is smaller, since the units that saturate are those that sum most.
    /// </summary>
    public Moments? Backward(Moments gradient) => Apply(gradient, BackwardGain, Outputs);

    private Moments? Apply(Moments x, double? gain, double? terms)
    {
        if (gain is not { } own)
            return null;
        if (WeightMean == 0)
            return new(0, own * x.Square, own * x.AcrossSamples, 0, 0) { PositionExcess = own * x.PositionExcess };
        if (terms is not { } n)
            return null;

        var square = WeightMean * WeightMean;
        var sameSample = square * n * (x.Square + ((n - 1) * x.AcrossUnits));
        var twoSamples = square * n * (x.AcrossSamples + ((n - 1) * x.AcrossBoth));
        return new(0, (own * x.Square) + sameSample, (own * x.AcrossSamples) + twoSamples, sameSample, twoSamples) { PositionExcess = own * x.PositionExcess };
    }
}
