using GradGuard.Monitor.Statistics;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Statistics;

public class StatisticsBatchTests
{
    public static TheoryData<ScalarType, int> TypesAndSeeds()
    {
        var data = new TheoryData<ScalarType, int>();
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64, ScalarType.Float16, ScalarType.BFloat16 })
        {
            for (var seed = 0; seed < 5; seed++)
                data.Add(dtype, seed);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(TypesAndSeeds))]
    public void Contiguous_tensors_match_the_definition(ScalarType dtype, int seed)
    {
        using var scope = NewDisposeScope();
        var tensors = new RandomTensors(seed);
        for (var trial = 0; trial < 12; trial++)
        {
            var tensor = tensors.Dense(tensors.Shape(), dtype);
            var request = new StatisticsRequest().WithBound(tensors.Random.NextSingle() * 2);
            ReferenceStatistics.AssertEqual(ReferenceStatistics.Of(tensor, request), Read(tensor, request));
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndSeeds))]
    public void Views_match_the_definition(ScalarType dtype, int seed)
    {
        using var scope = NewDisposeScope();
        var tensors = new RandomTensors(seed);
        for (var trial = 0; trial < 12; trial++)
        {
            var tensor = tensors.View(dtype);
            if (tensor.numel() == 0)
                continue;
            var request = new StatisticsRequest { LowerBound = -0.5, UpperBound = 1.5 };
            ReferenceStatistics.AssertEqual(ReferenceStatistics.Of(tensor, request), Read(tensor, request));
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndSeeds))]
    public void Unit_counts_match_the_definition_in_every_layout(ScalarType dtype, int seed)
    {
        using var scope = NewDisposeScope();
        var tensors = new RandomTensors(seed);
        for (var trial = 0; trial < 12; trial++)
        {
            var tensor = trial % 2 == 0 ? tensors.Dense(tensors.Shape(minDimensions: 1), dtype) : tensors.View(dtype);
            if (tensor.numel() == 0)
                continue;
            var request = new StatisticsRequest
            {
                UnitDimension = tensors.Random.Next(-(int)tensor.dim(), (int)tensor.dim()),
                Activity = trial % 3 == 0 ? UnitActivityRule.MagnitudeAbove : UnitActivityRule.Above,
                ActivityThreshold = trial % 3 == 0 ? 0.25f : 0,
                LowerBound = -1,
                UpperBound = 0.5,
            };
            var statistics = Read(tensor, request);
            ReferenceStatistics.AssertEqual(ReferenceStatistics.Of(tensor, request), statistics);
            var (active, beyond) = ReferenceStatistics.Units(tensor, request);
            Assert.Equal(active, statistics.Units!.Active);
            Assert.Equal(beyond, statistics.Units.Beyond);
            Assert.Equal(tensor.numel() / active.Length, statistics.Units.Positions);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Large_tensors_read_in_parts_match_the_definition_whatever_the_number_of_threads(int threads)
    {
        using var scope = NewDisposeScope();
        var tensor = new RandomTensors(seed: 3).Dense([611, 2048], ScalarType.Float32);
        var request = new StatisticsRequest { UnitDimension = 1, Activity = UnitActivityRule.Above };
        using var batch = new StatisticsBatch(threads);
        batch.Add(tensor, request);
        batch.Add(tensor, new StatisticsRequest());
        var statistics = batch.Complete();
        ReferenceStatistics.AssertEqual(ReferenceStatistics.Of(tensor), statistics[0]);
        ReferenceStatistics.AssertEqual(ReferenceStatistics.Of(tensor), statistics[1]);
        Assert.Equal(ReferenceStatistics.Units(tensor, request).Active, statistics[0].Units!.Active);
        Assert.Equal(BitConverter.DoubleToInt64Bits(Read(tensor, request).Sum), BitConverter.DoubleToInt64Bits(statistics[0].Sum));
    }

    [Fact]
    public void Squares_far_outside_the_range_of_float32_are_kept()
    {
        using var scope = NewDisposeScope();
        var tiny = Read(full([1000], 1e-30f));
        var huge = Read(full([1000], 1e30f));
        Assert.Equal(1e-30, tiny.Rms, 1e-36);
        Assert.Equal(1, huge.Rms / 1e30, 1e-6);
        Assert.Equal(0, huge.Std / 1e30, 1e-3);
    }

    [Theory]
    [InlineData(1e-40f)]
    [InlineData(3e-20f)]
    [InlineData(0.1f)]
    [InlineData(1e25f)]
    public void Sums_of_many_equal_elements_do_not_drift(float value)
    {
        using var scope = NewDisposeScope();
        var statistics = Read(full([1_000_003], value));
        Assert.Equal(1, statistics.Sum / value / 1_000_003, 1e-6);
        Assert.Equal(1, statistics.SumOfSquares / value / value / 1_000_003, 1e-6);
    }

    [Fact]
    public void Derived_figures_follow_from_the_sums()
    {
        using var scope = NewDisposeScope();
        var statistics = Read(tensor(new float[] { 1, -2, 3, 0 }), new StatisticsRequest().WithBound(1.5));
        Assert.Equal(0.5, statistics.Mean);
        Assert.Equal(Math.Sqrt(14), statistics.Norm, 1e-12);
        Assert.Equal(Math.Sqrt(3.5), statistics.Rms, 1e-12);
        Assert.Equal(Math.Sqrt(3.5 - 0.25), statistics.Std, 1e-12);
        Assert.Equal((-2.0, 3.0), (statistics.Min, statistics.Max));
        Assert.Equal(0.25, statistics.ZeroShare);
        Assert.Equal(0.5, statistics.BeyondShare);
    }

    [Fact]
    public void A_tensor_without_finite_elements_has_counts_and_no_extremes()
    {
        using var scope = NewDisposeScope();
        var statistics = Read(tensor(new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity }));
        Assert.Equal((1L, 2L, 3L, 0L), (statistics.NaN, statistics.Infinite, statistics.NonFinite, statistics.Finite));
        Assert.Equal(0, statistics.SumOfSquares);
        Assert.True(double.IsNaN(statistics.Min) && double.IsNaN(statistics.Max) && double.IsNaN(statistics.Rms));
    }

    [Fact]
    public void Tensors_that_cannot_be_read_say_why()
    {
        using var scope = NewDisposeScope();
        var disposed = ones(3);
        disposed.Dispose();
        Assert.Equal(SkipReason.Disposed, Read(disposed).Skipped);
        Assert.Equal(SkipReason.Empty, Read(zeros(0, 4)).Skipped);
        Assert.Equal(SkipReason.Integer, Read(arange(4, int64)).Skipped);
        Assert.Equal(SkipReason.Integer, Read(ones(4, int8)).Skipped);
        Assert.Equal(SkipReason.Bool, Read(ones(4, @bool)).Skipped);
        Assert.Equal(SkipReason.Complex, Read(ones(4, complex64)).Skipped);
        Assert.Equal(SkipReason.Quantized, Read(quantize_per_tensor(ones(4), 0.1, 0, ScalarType.QInt8)).Skipped);
        Assert.Equal(SkipReason.Sparse, Read(ones(4, 4).to_sparse()).Skipped);
        Assert.Equal(SkipReason.Meta, Read(ones(4, device: META)).Skipped);
        Assert.False(Read(zeros(0)).IsEvaluated);
    }

    [Fact]
    public void Results_come_in_the_order_of_adding_and_the_batch_can_be_used_again()
    {
        using var scope = NewDisposeScope();
        using var batch = new StatisticsBatch();
        Assert.Equal(0, batch.Add(ones(2), new()));
        Assert.Equal(1, batch.Add(ones(0), new()));
        Assert.Equal(2, batch.Add(ones(5), new()));
        Assert.Equal([2, 0, 5], batch.Complete().Select(statistics => statistics.Count));
        Assert.Empty(batch.Complete());
        Assert.Equal(0, batch.Add(ones(7), new()));
        Assert.Equal([7], batch.Complete().Select(statistics => statistics.Count));
    }

    private static TensorStatistics Read(Tensor tensor, StatisticsRequest? request = null)
    {
        using var batch = new StatisticsBatch();
        batch.Add(tensor, request ?? new StatisticsRequest());
        return Assert.Single(batch.Complete());
    }
}
