using TorchSharp;

namespace GradGuard.Monitor.Statistics;

/// <summary>
/// The largest |eigenvalue| of a recurrent weight: the factor by which its recurrence grows or shrinks a state per step, in the
/// long run and before the non-linearity.
/// </summary>
/// <remarks>
/// The dominant eigenvalues of a real matrix are often a complex pair, under which a power iteration turns for ever without
/// settling. Gelfand's formula ρ(A) = lim ‖Aᵐ‖^(1/m) does not mind: repeated squaring reaches m = 2ᵏ in k products. A large matrix
/// is first projected on its dominant subspace by orthogonal iteration (Golub and Van Loan, Matrix Computations, 7.3.2).
/// Deterministic; draws no random numbers.
/// </remarks>
internal static class SpectralRadius
{
    /// <summary>Up to this size the matrix itself is squared.</summary>
    private const int SquaredWhole = 64;

    /// <summary>Dimensions of the dominant subspace; wide enough for several complex pairs of nearly the same modulus.</summary>
    private const int Subspace = 24;

    private const int MaxSquarings = 30;
    private const int MaxIterations = 200;
    private const int IterationsPerEstimate = 10;

    /// <summary>Spectral radius of a tensor <c>[n, n]</c>; null where it is no finite square matrix.</summary>
    public static double? Of(torch.Tensor matrix)
        => SquareMatrix.Read(matrix) is { } elements ? Of(elements, (int)Math.Sqrt(elements.Length)) : null;

    /// <summary>Spectral radius of an n × n matrix in rows.</summary>
    public static double Of(ReadOnlySpan<double> matrix, int n)
        => n <= SquaredWhole ? ByRepeatedSquaring(matrix, n) : ByOrthogonalIteration(matrix, n);

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
            if (double.IsNegativeInfinity(logNorm) || Math.Abs((logNorm / m) - last) < 1e-9)
                return Math.Exp(logNorm / m);
            last = logNorm / m;
        }

        return Math.Exp(logNorm / Math.Pow(2, MaxSquarings));
    }

    private static double ByOrthogonalIteration(ReadOnlySpan<double> matrix, int n)
    {
        // Rows of the basis are its vectors, so the product with A is basis · Aᵀ.
        var transposed = SquareMatrix.Transpose(matrix, n, n);
        var basis = StartBasis(n);
        var image = new double[basis.Length];
        var projected = new double[Subspace * Subspace];
        var last = double.NaN;
        for (var iteration = 1; iteration <= MaxIterations; iteration++)
        {
            Orthonormalize(basis, n);
            SquareMatrix.Multiply(basis, transposed, image, n, n);
            if (iteration % IterationsPerEstimate == 0)
            {
                SquareMatrix.Multiply(basis, SquareMatrix.Transpose(image, Subspace, n), projected, n, Subspace);
                var radius = ByRepeatedSquaring(projected, Subspace);
                if (Math.Abs(radius - last) <= 1e-4 * radius)
                    return radius;
                last = radius;
            }

            (basis, image) = (image, basis);
        }

        return last;
    }

    /// <summary>Vectors without symmetry, from the fractional parts of multiples of the golden ratio.</summary>
    private static double[] StartBasis(int n)
    {
        var basis = new double[Subspace * n];
        for (var i = 0; i < basis.Length; i++)
            basis[i] = ((i + 1) * 0.6180339887498949 % 1) - 0.5 + (((i % n) + 1) * 0.4142135623730951 % 1) - 0.5;
        return basis;
    }

    /// <summary>Gram–Schmidt, twice for rounding; a vector that vanishes is left at zero: the subspace is smaller then.</summary>
    private static void Orthonormalize(Span<double> basis, int n)
    {
        for (var vector = 0; vector < Subspace; vector++)
        {
            var current = basis.Slice(vector * n, n);
            var before = Math.Sqrt(SquareMatrix.Dot(current, current));
            for (var pass = 0; pass < 2; pass++)
            {
                for (var other = 0; other < vector; other++)
                {
                    var earlier = basis.Slice(other * n, n);
                    SquareMatrix.AddScaled(earlier, -SquareMatrix.Dot(earlier, current), current);
                }
            }

            var norm = Math.Sqrt(SquareMatrix.Dot(current, current));
            var scale = norm > 1e-14 * before ? 1 / norm : 0;
            foreach (ref var element in current)
                element *= scale;
        }
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
