namespace GradGuard.Monitor.Statistics;

/// <summary>
/// Figures of one tensor. Sums, minimum and maximum are over the finite elements that were read; non-finite ones are only counted.
/// </summary>
internal sealed record TensorStatistics
{
    /// <summary>Share of zeros from which a tensor is sparse.</summary>
    public const double SparseShare = 0.9;

    /// <summary>Why there are no figures; <see cref="SkipReason.None"/> when there are.</summary>
    public SkipReason Skipped { get; init; }

    /// <summary>Elements of the tensor.</summary>
    public long Count { get; init; }

    /// <summary>Elements read; less than <see cref="Count"/> when rows were sampled.</summary>
    public long SampledCount { get; init; }

    /// <summary>NaN elements among those read.</summary>
    public long NaN { get; init; }

    /// <summary>Infinite elements among those read.</summary>
    public long Infinite { get; init; }

    /// <summary>Sum of the finite elements read.</summary>
    public double Sum { get; init; }

    /// <summary>Sum of squares of the finite elements read. Overflows to infinity only for float64 magnitudes above 1e154.</summary>
    public double SumOfSquares { get; init; }

    /// <summary>Smallest finite element read; NaN where there is none.</summary>
    public double Min { get; init; } = double.NaN;

    /// <summary>Largest finite element read; NaN where there is none.</summary>
    public double Max { get; init; } = double.NaN;

    /// <summary>Elements equal to zero.</summary>
    public long Zeros { get; init; }

    /// <summary>Elements outside the bounds of the request; infinities are outside, NaN is not.</summary>
    public long BeyondBounds { get; init; }

    /// <summary>Counts per unit, when the request named a unit dimension that the tensor has.</summary>
    public UnitActivity? Units { get; init; }

    /// <summary>True when the tensor was read.</summary>
    public bool IsEvaluated => Skipped == SkipReason.None;

    /// <summary>NaN and infinite elements.</summary>
    public long NonFinite => NaN + Infinite;

    /// <summary>Finite elements among those read.</summary>
    public long Finite => SampledCount - NonFinite;

    /// <summary>Mean of the finite elements read; NaN where there is none.</summary>
    public double Mean => Sum / Finite;

    /// <summary>Root mean square of the finite elements read; NaN where there is none.</summary>
    public double Rms => Math.Sqrt(SumOfSquares / Finite);

    /// <summary>
    /// Euclidean norm. Where rows were sampled it is the estimate √(Σx² · Count / SampledCount), which takes the rows read to stand
    /// for the others.
    /// </summary>
    public double Norm => SampledCount == Count ? Math.Sqrt(SumOfSquares) : Math.Sqrt(SumOfSquares * ((double)Count / SampledCount));

    /// <summary>Population standard deviation of the finite elements read; NaN where there is none.</summary>
    public double Std => Math.Sqrt(Math.Max(0, (SumOfSquares / Finite) - (Mean * Mean)));

    /// <summary>Share of the elements read that are zero.</summary>
    public double ZeroShare => (double)Zeros / SampledCount;

    /// <summary>True where nearly all elements read are zero: a gradient that reaches few places, such as the rows of an embedding that a batch asked for, or one position of a sequence.</summary>
    public bool IsSparse => ZeroShare >= SparseShare;

    /// <summary>Share of the elements read that lie outside the bounds.</summary>
    public double BeyondShare => (double)BeyondBounds / SampledCount;

    /// <summary>A tensor that could not be read.</summary>
    public static TensorStatistics Skip(SkipReason reason, long count = 0) => new() { Skipped = reason, Count = count };
}
