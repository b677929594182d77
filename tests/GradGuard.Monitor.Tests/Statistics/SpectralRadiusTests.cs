using GradGuard.Monitor.Statistics;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Statistics;

public class SpectralRadiusTests
{
    [Theory]
    [InlineData(1, 1e-5)]
    [InlineData(5, 1e-5)]
    [InlineData(40, 1e-5)]
    [InlineData(150, 0.01)]
    [InlineData(300, 0.01)]
    public void Random_matrices_match_their_eigenvalues(int n, double tolerance)
    {
        using var scope = NewDisposeScope();
        for (var seed = 0; seed < 3; seed++)
        {
            var matrix = new RandomTensors(seed).Dense([n, n], ScalarType.Float32, nonFinite: false);
            var expected = LargestEigenvalue(matrix);
            Assert.Equal(1, SpectralRadius.Of(matrix)!.Value / expected, tolerance);
        }
    }

    [Theory]
    [InlineData(0.9, 2)]
    [InlineData(1.2, 2)]
    [InlineData(1.05, 100)]
    public void A_dominant_complex_pair_is_measured_by_its_modulus(double modulus, int n)
    {
        using var scope = NewDisposeScope();
        var matrix = eye(n, dtype: ScalarType.Float64) * 0.3;
        var (cos, sin) = (modulus * Math.Cos(1), modulus * Math.Sin(1));
        (matrix[0, 0], matrix[0, 1], matrix[1, 0], matrix[1, 1]) = (cos, -sin, sin, cos);
        Assert.Equal(modulus, SpectralRadius.Of(matrix)!.Value, 1e-4);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(128)]
    public void An_orthogonal_matrix_times_a_gain_has_the_gain(int n)
    {
        using var scope = NewDisposeScope();
        var (q, _) = linalg.qr(new RandomTensors(seed: n).Dense([n, n], ScalarType.Float64, nonFinite: false));
        Assert.Equal(1.3, SpectralRadius.Of(q * 1.3)!.Value, 1e-6);
    }

    [Fact]
    public void A_nilpotent_matrix_has_none_however_large_its_norm()
        => Assert.Equal(0, SpectralRadius.Of([0, 1000, 0, 0], 2));

    [Fact]
    public void A_matrix_far_from_normal_is_not_judged_by_its_norm()
        => Assert.Equal(0.5, SpectralRadius.Of([0.5, 1e6, 0, 0.4], 2), 1e-3);

    [Theory]
    [InlineData(1e-20)]
    [InlineData(1e20)]
    public void Scale_does_not_overflow(double scale)
        => Assert.Equal(2, SpectralRadius.Of([2 * scale, 0, 0, scale], 2) / scale, 1e-6);

    [Fact]
    public void Only_finite_square_matrices_have_one()
    {
        using var scope = NewDisposeScope();
        Assert.Null(SpectralRadius.Of(ones(3, 4)));
        Assert.Null(SpectralRadius.Of(ones(3)));
        Assert.Null(SpectralRadius.Of(full([3, 3], float.NaN)));
        Assert.Null(SpectralRadius.Of(ones(3, 3, int64)));
        Assert.Equal(0, SpectralRadius.Of(zeros(100, 100)));
    }

    private static double LargestEigenvalue(Tensor matrix)
        => linalg.eigvals(matrix.to_type(ScalarType.Float64)).abs().max().item<double>();
}
