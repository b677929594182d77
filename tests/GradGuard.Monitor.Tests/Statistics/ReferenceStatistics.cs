using GradGuard.Monitor.Statistics;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Statistics;

/// <summary>The definitions of the statistics, element by element in double, over a copy in logical order.</summary>
internal static class ReferenceStatistics
{
    public static double[] Elements(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to_type(ScalarType.Float64).reshape(-1).data<double>().ToArray();
    }

    public static TensorStatistics Of(Tensor tensor, StatisticsRequest request = default)
    {
        var elements = Elements(tensor);
        var finite = elements.Where(double.IsFinite).ToArray();
        return new TensorStatistics
        {
            Count = elements.Length,
            SampledCount = elements.Length,
            NaN = elements.Count(double.IsNaN),
            Infinite = elements.Count(double.IsInfinity),
            Sum = finite.Sum(),
            SumOfSquares = finite.Sum(x => x * x),
            Min = finite.Length == 0 ? double.NaN : finite.Min(),
            Max = finite.Length == 0 ? double.NaN : finite.Max(),
            Zeros = elements.Count(x => x == 0),
            BeyondBounds = elements.Count(x => x < request.LowerBound || x > request.UpperBound),
        };
    }

    /// <summary>Counts per unit; the unit of element i follows from the logical shape.</summary>
    public static (int[] Active, int[] Beyond) Units(Tensor tensor, StatisticsRequest request)
    {
        var elements = Elements(tensor);
        var dimension = request.UnitDimension!.Value < 0 ? (int)tensor.dim() + request.UnitDimension.Value : request.UnitDimension.Value;
        var units = tensor.shape[dimension];
        var inner = tensor.shape.Skip(dimension + 1).Aggregate(1L, (product, size) => product * size);
        var active = new int[units];
        var beyond = new int[units];
        for (var i = 0; i < elements.Length; i++)
        {
            var x = elements[i];
            var unit = i / inner % units;
            if ((request.Activity == UnitActivityRule.MagnitudeAbove ? Math.Abs(x) : x) > request.ActivityThreshold)
                active[unit]++;
            if (x < request.LowerBound || x > request.UpperBound)
                beyond[unit]++;
        }

        return (active, beyond);
    }

    /// <summary>Counts must be equal, sums agree to 1e-6 of the magnitude that was summed.</summary>
    public static void AssertEqual(TensorStatistics expected, TensorStatistics actual, double relative = 1e-6)
    {
        Assert.Equal(SkipReason.None, actual.Skipped);
        Assert.Equal(expected.Count, actual.Count);
        Assert.Equal(expected.SampledCount, actual.SampledCount);
        Assert.Equal(expected.NaN, actual.NaN);
        Assert.Equal(expected.Infinite, actual.Infinite);
        Assert.Equal(expected.Zeros, actual.Zeros);
        Assert.Equal(expected.BeyondBounds, actual.BeyondBounds);
        Assert.Equal(expected.Min, actual.Min);
        Assert.Equal(expected.Max, actual.Max);
        AssertClose(expected.SumOfSquares, actual.SumOfSquares, relative * expected.SumOfSquares);

        // |Σx| may cancel to nothing; √(n·Σx²) bounds Σ|x| and is what rounding is relative to.
        AssertClose(expected.Sum, actual.Sum, relative * Math.Sqrt(expected.Finite * expected.SumOfSquares));
    }

    private static void AssertClose(double expected, double actual, double tolerance)
        => Assert.True(Math.Abs(expected - actual) <= tolerance, $"expected {expected:R}, was {actual:R}, tolerance {tolerance:R}");
}
