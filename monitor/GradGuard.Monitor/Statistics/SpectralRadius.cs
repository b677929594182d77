using TorchSharp;

namespace GradGuard.Monitor.Statistics;

/// <summary>
/// The largest |eigenvalue| of a recurrent weight: the factor by which its recurrence grows or shrinks a state per step, in the
/// long run and before the non-linearity.
/// </summary>
/// <remarks>
/// The dominant eigenvalues of a real matrix are often a complex pair, under which a power iteration turns for ever without
/// settling. Gelfand's formula ρ(A) = lim ‖Aᵐ‖^(1/m) does not mind: repeated squaring reaches m = 2ᵏ in k products. A large matrix
/// is too dear to square; there the mean growth of ‖AᵐV‖ over many steps stands for it, within about one percent.
/// Deterministic; draws no random numbers.
/// </remarks>
internal static class SpectralRadius
{
    /// <summary>Up to this size the matrix itself is squared.</summary>
    private const int SquaredWhole = 64;

    /// <summary>A complex pair makes the norm of one vector swing; several swing less.</summary>
    private const int Vectors = 4;

    /// <summary>Steps left out, in which a modulus of 0.9 of the largest falls to 1% of it.</summary>
    private const int DampedSteps = 44;

    /// <summary>Steps averaged over: a swing by a factor of two at either end shifts the mean by 0.4%.</summary>
    private const int MeasuredSteps = 160;

    private const int MaxSquarings = 30;

    /// <summary>Spectral radius of a tensor <c>[n, n]</c>; null where it is no finite square matrix.</summary>
    public static double? Of(torch.Tensor matrix)
        => SquareMatrix.Read(matrix) is { } elements ? Of(elements, (int)Math.Sqrt(elements.Length)) : null;

    /// <summary>Spectral radius of an n × n matrix in rows.</summary>
    public static double Of(ReadOnlySpan<double> matrix, int n)
        => n <= SquaredWhole ? ByRepeatedSquaring(matrix, n) : ByGrowth(matrix, n);

    /// <summary>Gelfand's formula at m = 2, 4, 8, …: its error halves with each squaring.</summary>
    private static double ByRepeatedSquaring(ReadOnlySpan<double> matrix, int n)
    {
        var power = matrix.ToArray();
        var square = new double[power.Length];

        // ‖Aᵐ‖ = exp(logNorm) while the stored power is scaled to norm 1.
        var logNorm = Normalize(power);
        for (double m = 2, k = 0, last = logNorm; k < MaxSquarings && !double.IsNegativeInfinity(logNorm); m *= 2, k++)
        {
            SquareMatrix.Multiply(power, power, square, n, n);
            (power, square) = (square, power);
            logNorm = (2 * logNorm) + Normalize(power);
            if (double.IsNegativeInfinity(logNorm) || Math.Abs((logNorm / m) - last) < 1e-7)
                return Math.Exp(logNorm / m);
            last = logNorm / m;
        }

        return Math.Exp(logNorm / Math.Pow(2, MaxSquarings));
    }

    /// <summary>Mean growth per step of a few vectors under the matrix, once what the matrix damps has died away.</summary>
    private static double ByGrowth(ReadOnlySpan<double> matrix, int n)
    {
        var vectors = StartVectors(n);
        var images = new double[vectors.Length];
        var growth = 0.0;
        for (var step = 0; step < DampedSteps + MeasuredSteps; step++)
        {
            for (var vector = 0; vector < vectors.Length; vector += n)
            {
                for (var row = 0; row < n; row++)
                    images[vector + row] = SquareMatrix.Dot(matrix.Slice(row * n, n), vectors.AsSpan(vector, n));
            }

            (vectors, images) = (images, vectors);
            var logNorm = Normalize(vectors);
            if (double.IsNegativeInfinity(logNorm))
                return 0;
            growth += step < DampedSteps ? 0 : logNorm;
        }

        return Math.Exp(growth / MeasuredSteps);
    }

    /// <summary>Vectors without symmetry, from the fractional parts of multiples of irrational numbers.</summary>
    private static double[] StartVectors(int n)
    {
        var vectors = new double[Vectors * n];
        for (var i = 0; i < vectors.Length; i++)
            vectors[i] = ((i + 1) * 0.6180339887498949 % 1) + ((i + 1.0) * (i + 1.0) * 0.4142135623730951 % 1) - 1;
        return vectors;
    }

    /// <summary>Scales to Frobenius norm 1 and returns the log of the norm; minus infinity for a zero matrix.</summary>
    private static double Normalize(Span<double> matrix)
    {
        var largest = 0.0;
        foreach (var element in matrix)
            largest = Math.Max(largest, Math.Abs(element));
        if (largest == 0)
            return double.NegativeInfinity;
        foreach (ref var element in matrix)
            element /= largest;
        var norm = Math.Sqrt(SquareMatrix.Dot(matrix, matrix));
        foreach (ref var element in matrix)
            element /= norm;
        return Math.Log(largest) + Math.Log(norm);
    }
}
