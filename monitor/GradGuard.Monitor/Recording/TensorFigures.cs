using GradGuard.Monitor.Statistics;

namespace GradGuard.Monitor.Recording;

/// <summary>What is recorded of one tensor, or of the tensors of several calls taken together.</summary>
internal sealed record TensorFigures
{
    /// <summary>Elements.</summary>
    public required long Count { get; init; }

    /// <summary>False when the figures are estimates from some of its rows: sums that hold exactly do not hold for them.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>NaN and infinite elements among those read.</summary>
    public required long NonFinite { get; init; }

    /// <summary>Mean of the finite elements.</summary>
    public required double Mean { get; init; }

    /// <summary>Root mean square of the finite elements.</summary>
    public required double Rms { get; init; }

    /// <summary>Standard deviation of the finite elements.</summary>
    public double Std => Math.Sqrt(Math.Max(0, (Rms * Rms) - (Mean * Mean)));

    /// <summary>Euclidean norm.</summary>
    public required double Norm { get; init; }

    /// <summary>Smallest finite element.</summary>
    public required double Min { get; init; }

    /// <summary>Largest finite element.</summary>
    public required double Max { get; init; }

    /// <summary>Share of zeros.</summary>
    public required double ZeroShare { get; init; }

    /// <summary>Share in the flat part of the activation; NaN where no bounds were asked for.</summary>
    public required double SaturatedShare { get; init; }

    /// <summary>The figures of the same tensor times a positive factor; the saturated share stays, as bounds belong to no gradient.</summary>
    public TensorFigures Times(double factor) => this with
    {
        Mean = Mean * factor,
        Rms = Rms * factor,
        Norm = Norm * factor,
        Min = Min * factor,
        Max = Max * factor,
    };

    /// <summary>Figures of tensors read together; null when none of them could be read.</summary>
    /// <param name="parts">Statistics of each tensor; skipped ones count for nothing.</param>
    /// <param name="bounded">True when saturation bounds were asked for.</param>
    public static TensorFigures? Of(ReadOnlySpan<TensorStatistics> parts, bool bounded = false)
    {
        long count = 0, finite = 0, nonFinite = 0, read = 0, zeros = 0, beyond = 0;
        double sum = 0, squares = 0, norms = 0, min = double.NaN, max = double.NaN;
        foreach (var part in parts)
        {
            if (!part.IsEvaluated)
                continue;
            count += part.Count;
            read += part.SampledCount;
            finite += part.Finite;
            nonFinite += part.NonFinite;
            zeros += part.Zeros;
            beyond += part.BeyondBounds;
            sum += part.Sum;
            squares += part.SumOfSquares;
            norms += part.Norm * part.Norm;
            min = double.IsNaN(min) ? part.Min : Math.Min(min, part.Min);
            max = double.IsNaN(max) ? part.Max : Math.Max(max, part.Max);
        }

        if (read == 0)
            return null;
        return new TensorFigures
        {
            Count = count,
            IsWhole = read == count,
            NonFinite = nonFinite,
            Mean = sum / finite,
            Rms = Math.Sqrt(squares / finite),
            Norm = Math.Sqrt(norms),
            Min = min,
            Max = max,
            ZeroShare = (double)zeros / read,
            SaturatedShare = bounded ? (double)beyond / read : double.NaN,
        };
    }
}
