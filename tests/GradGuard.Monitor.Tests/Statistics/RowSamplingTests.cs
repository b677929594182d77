using GradGuard.Monitor.Statistics;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Statistics;

public class RowSamplingTests
{
    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(7, 9)]
    [InlineData(7, -1)]
    public void Every_kth_row_from_the_offset_is_read_and_declared(int stride, int offset)
    {
        using var scope = NewDisposeScope();
        var tensor = new RandomTensors(seed: stride).Dense([50, 33], ScalarType.Float32);
        var first = ((offset % stride) + stride) % stride;
        var expected = ReferenceStatistics.Of(tensor.slice(0, first, 50, stride));
        var statistics = Read(tensor, new StatisticsRequest { RowStride = stride, RowOffset = offset });
        Assert.Equal(50 * 33, statistics.Count);
        Assert.Equal(expected.Count, statistics.SampledCount);
        ReferenceStatistics.AssertEqual(expected with { Count = 50 * 33 }, statistics);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void A_cycle_of_offsets_reads_every_element_once(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var tensor = new RandomTensors(seed: 5).Dense([23, 6, 5, 5], dtype);
        var request = new StatisticsRequest { UnitDimension = 1, Activity = UnitActivityRule.Above, RowStride = 5 };
        var cycle = Enumerable.Range(100, 5).Select(offset => Read(tensor, request with { RowOffset = offset })).ToArray();
        var whole = ReferenceStatistics.Of(tensor);
        Assert.Equal(whole.Count, cycle.Sum(part => part.SampledCount));
        Assert.Equal(whole.NonFinite, cycle.Sum(part => part.NonFinite));
        Assert.Equal(whole.SumOfSquares, cycle.Sum(part => part.SumOfSquares), whole.SumOfSquares * 1e-9);
        var active = ReferenceStatistics.Units(tensor, request).Active;
        Assert.Equal(active, Enumerable.Range(0, 6).Select(unit => cycle.Sum(part => part.Units!.Active[unit])));
    }

    [Fact]
    public void The_norm_of_a_sampled_tensor_estimates_the_whole_norm()
    {
        using var scope = NewDisposeScope();
        var tensor = new RandomTensors(seed: 6).Dense([400, 100], ScalarType.Float32, nonFinite: false);
        var whole = Read(tensor, new StatisticsRequest());
        var sampled = Read(tensor, new StatisticsRequest { RowStride = 10 });
        Assert.Equal(4000, sampled.SampledCount);
        Assert.Equal(1, sampled.Norm / whole.Norm, 0.05);
    }

    [Fact]
    public void A_tensor_of_one_row_is_read_whole()
    {
        using var scope = NewDisposeScope();
        var statistics = Read(ones(100), new StatisticsRequest { RowStride = 10, RowOffset = 3 });
        Assert.Equal(100, statistics.SampledCount);
    }

    [Theory]
    [InlineData(200, 100, 5000, 50)] // Every fourth row leaves enough.
    [InlineData(40, 1000, 5000, 20)] // Every eighth would, but leaves fewer than 16 rows.
    [InlineData(20, 1000, 5000, 20)] // There are few rows.
    [InlineData(200, 100, 20_000, 200)] // There are few elements.
    public void As_many_rows_are_read_as_are_enough(int rows, int width, int enough, int read)
    {
        using var scope = NewDisposeScope();
        var statistics = Read(ones(rows, width), new StatisticsRequest { Enough = enough });
        Assert.Equal((rows * (long)width, read * (long)width), (statistics.Count, statistics.SampledCount));
    }

    [Fact]
    public void Every_row_has_its_turn_among_those_that_are_enough()
    {
        using var scope = NewDisposeScope();
        var tensor = new RandomTensors(seed: 8).Dense([64, 3, 10, 10], ScalarType.Float32);
        var request = new StatisticsRequest { UnitDimension = 1, Activity = UnitActivityRule.Above, Enough = 1 };
        var cycle = Enumerable.Range(7, 4).Select(offset => Read(tensor, request with { RowOffset = offset })).ToArray();
        Assert.All(cycle, static part => Assert.Equal(16 * 300, part.SampledCount));
        Assert.Equal(ReferenceStatistics.Of(tensor).NonFinite, cycle.Sum(static part => part.NonFinite));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.BFloat16)]
    public void Blocks_from_all_over_a_tensor_stand_for_it(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        manual_seed(9);

        // Rows and columns differ, at a width that equal parts of the tensor would meet in the same place each time.
        var tensor = (randn(512, 1024) * linspace(0.2, 2, 512).unsqueeze(1) * linspace(2, 0.2, 1024)).to_type(dtype);
        var whole = Read(tensor, new StatisticsRequest());
        var reads = Enumerable.Range(-3, 7).Select(offset => Read(tensor, new StatisticsRequest { EnoughInBlocks = 16 * 1024, RowOffset = offset })).ToArray();
        Assert.All(reads, blocks => Assert.Equal((512 * 1024, 16 * 1024), (blocks.Count, blocks.SampledCount)));
        Assert.All(reads, blocks => Assert.Equal(1, blocks.Norm / whole.Norm, 0.06));
        Assert.Equal(1, reads.Average(static blocks => blocks.Norm) / whole.Norm, 0.02);
        Assert.Equal(7, reads.Select(static blocks => blocks.Sum).Distinct().Count());
        var fewer = Enumerable.Range(0, 100).Select(offset => Read(tensor, new StatisticsRequest { EnoughInBlocks = 512, RowOffset = offset }).Norm / whole.Norm).ToArray();
        Assert.All(fewer, static norm => Assert.Equal(1, norm, 3 * 0.18));
        Assert.InRange(Math.Sqrt(fewer.Average(static norm => (norm - 1) * (norm - 1))), 0.01, 0.18);
    }

    [Theory]
    [InlineData(0.02, false, 8 * 1024, 8 * 1024)] // Strewn, as behind max pooling: each block has its part.
    [InlineData(0.07, true, 16 * 1024, 32 * 1024)] // In one row of fourteen: a few times as many blocks meet enough of them.
    [InlineData(0.02, true, 40 * 1024, 64 * 1024)] // In one row of fifty: up to eight times as many.
    [InlineData(0.002, true, 500 * 1024, 500 * 1024)] // In one of five hundred: not these either.
    public void Blocks_that_are_nearly_all_zero_are_not_taken_for_the_whole(double share, bool inRows, int least, int most)
    {
        using var scope = NewDisposeScope();
        manual_seed(10);
        var place = arange(500).reshape(500, 1);
        var kept = inRows ? (place * share).floor().ne(((place + 1) * share).floor()) : rand(500, 1024).lt(share);
        var tensor = randn(500, 1024) * kept;
        var whole = Read(tensor, new StatisticsRequest());
        var reads = Enumerable.Range(0, 100).Select(offset => Read(tensor, new StatisticsRequest { EnoughInBlocks = 8 * 1024, RowOffset = offset })).ToArray();
        Assert.All(reads, statistics =>
        {
            Assert.InRange(statistics.SampledCount, least, most);
            Assert.True(statistics.IsSparse);
            Assert.Equal(whole.Norm, statistics.Norm, 3 * 0.14 * whole.Norm);
        });
        Assert.Equal(whole.Norm, reads.Average(static statistics => statistics.Norm), 0.03 * whole.Norm);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 64, 30)]
    [InlineData(ScalarType.Float32, 64, 32)] // Each channel begins where a line of the caches may, and so do the runs.
    [InlineData(ScalarType.Float64, 5, 30)]
    [InlineData(ScalarType.BFloat16, 8, 30)]
    public void Runs_in_some_rows_stand_for_channels(ScalarType dtype, int samples, int size)
    {
        using var scope = NewDisposeScope();
        manual_seed(11);

        // Channel c is active at a share of c/20 of the places, and never outside the middle of the image.
        var shares = arange(20).to_type(ScalarType.Float32).div(20).reshape(1, 20, 1, 1);
        var middle = zeros(1, 1, size, size);
        middle[.., .., 10..20].fill_(1);
        var tensor = (rand(samples, 20, size, size).lt(shares).to_type(ScalarType.Float32) * middle).to_type(dtype);
        var request = new StatisticsRequest { UnitDimension = 1, Activity = UnitActivityRule.Above, Enough = 32 * 1024, EnoughPositions = 128 };
        var reads = Enumerable.Range(-2, 30).Select(offset => Read(tensor, request with { RowOffset = offset })).ToArray();
        var rows = Math.Min(4, samples);
        var run = 128 / rows;
        Assert.All(reads, read => Assert.Equal((samples * 20L * size * size, rows * run * 20L, rows * (long)run), (read.Count, read.SampledCount, read.Units!.Positions)));
        for (var unit = 0; unit < 20; unit++)
        {
            var active = reads.Sum(read => read.Units!.Active[unit]) / (double)reads.Sum(static read => read.Units!.Positions);
            Assert.Equal(unit / (2.0 * size), active, 0.06);
            Assert.Equal(unit == 0, active == 0);
        }

        Assert.Equal(reads.Sum(static read => read.Sum), reads.Sum(static read => read.Units!.Active.Sum()));
    }

    [Fact]
    public void Small_channels_are_read_by_rows_and_small_tensors_whole()
    {
        using var scope = NewDisposeScope();
        var request = new StatisticsRequest { UnitDimension = 1, Activity = UnitActivityRule.Above, Enough = 32 * 1024, EnoughPositions = 128 };
        Assert.Equal(16 * 3 * 36, Read(ones(400, 3, 6, 6), request).SampledCount);
        Assert.Equal(10 * 3 * 900, Read(ones(10, 3, 30, 30), request).SampledCount);
    }

    [Theory]
    [InlineData(128, 64, 64)]
    [InlineData(128, 50, 128)]
    [InlineData(64, 100, 256)]
    [InlineData(32, 128, 1024)]
    public void Each_reading_meets_time_steps_from_all_over_a_sequence(int samples, int steps, int features)
    {
        using var scope = NewDisposeScope();
        var tensor = zeros(samples, steps, features);
        tensor[.., ..(steps / 2), ..] = 1;
        var request = new StatisticsRequest { UnitDimension = -1, Activity = UnitActivityRule.Above, Enough = 32 * 1024, EnoughPositions = 128 };
        for (var offset = 0; offset < steps; offset += 7)
        {
            var statistics = Read(tensor, request with { RowOffset = offset });
            Assert.True(statistics.SampledCount < statistics.Count / 2);
            Assert.Equal(0.5, statistics.Units!.Active[0] / (double)statistics.Units.Positions, 0.15);
        }
    }

    [Fact]
    public void Positions_beyond_those_that_are_enough_are_left_out_of_rows()
    {
        using var scope = NewDisposeScope();
        var request = new StatisticsRequest { UnitDimension = -1, Activity = UnitActivityRule.Above, Enough = 32 * 1024, EnoughPositions = 128 };
        Assert.Equal(128 * 64, Read(ones(512, 64), request).SampledCount);
        Assert.Equal(171 * 64, Read(ones(16, 32, 64), request).SampledCount); // Every third: every fourth would meet the same eight of 32 time steps.
    }

    [Theory]
    [InlineData(63 * 1024)] // Small.
    [InlineData(64 * 1024)]
    [InlineData((64 * 1024) + 1)]
    [InlineData(1_000_003)]
    public void Blocks_stay_within_the_tensor(int elements)
    {
        using var scope = NewDisposeScope();
        // Of 64 equal parts the first two and the last two hold a block each.
        var isSmall = elements < 64 * 1024;
        for (var offset = 0; offset < 50; offset++)
        {
            var statistics = Read(arange(1, elements + 1, dtype: ScalarType.Float64), new StatisticsRequest { EnoughInBlocks = 16 * 1024, RowOffset = offset });
            Assert.Equal(isSmall ? elements : 16 * 1024, statistics.SampledCount);
            if (!isSmall)
                Assert.Equal((0, 0), ((statistics.Min - 1) % RowPlan.BlockElements, statistics.Max % RowPlan.BlockElements)); // From line to line of the caches.
            Assert.InRange(statistics.Min, 1, elements / 32.0);
            Assert.InRange(statistics.Max, elements * (31 / 32.0), elements);
        }
    }

    [Fact]
    public void Units_and_bounds_are_counted_by_rows()
    {
        using var scope = NewDisposeScope();
        var tensor = ones(512, 1024);
        var request = new StatisticsRequest { Enough = 128 * 1024, EnoughInBlocks = 16 * 1024 };
        Assert.Equal(128 * 1024, Read(tensor, request with { UnitDimension = -1, Activity = UnitActivityRule.Above }).SampledCount);
        Assert.Equal(128 * 1024, Read(tensor, request.WithBound(2)).SampledCount);
    }

    private static TensorStatistics Read(Tensor tensor, StatisticsRequest request)
    {
        using var batch = new StatisticsBatch();
        batch.Add(tensor, request);
        return Assert.Single(batch.Complete());
    }
}
