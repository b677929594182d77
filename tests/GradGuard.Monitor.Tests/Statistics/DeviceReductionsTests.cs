using GradGuard.Monitor.Statistics;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Statistics;

/// <summary>The device path runs the same torch operations on every device: here on CPU tensors, against the same definitions.</summary>
public class DeviceReductionsTests
{
    [Theory]
    [MemberData(nameof(StatisticsBatchTests.TypesAndSeeds), MemberType = typeof(StatisticsBatchTests))]
    public void Reductions_match_the_definition(ScalarType dtype, int seed)
    {
        using var scope = NewDisposeScope();
        using var reductions = new DeviceReductions();
        var tensors = new RandomTensors(seed);
        List<(Tensor Tensor, StatisticsRequest Request)> added = [];
        for (var trial = 0; trial < 8; trial++)
        {
            var tensor = trial % 2 == 0 ? tensors.Dense(tensors.Shape(minDimensions: 1), dtype) : tensors.View(dtype);
            if (tensor.numel() == 0)
                continue;
            var request = new StatisticsRequest
            {
                UnitDimension = tensors.Random.Next(-(int)tensor.dim(), (int)tensor.dim()),
                Activity = trial % 3 == 0 ? UnitActivityRule.MagnitudeAbove : UnitActivityRule.Above,
                LowerBound = -0.25,
                UpperBound = 0.5,
            };
            reductions.Add(tensor, request, added.Count);
            added.Add((tensor, request));
        }

        var transferred = reductions.Transfer();
        Assert.Equal(Enumerable.Range(0, added.Count), transferred.Select(result => result.Index));
        foreach (var (index, statistics) in transferred)
        {
            var (tensor, request) = added[index];
            ReferenceStatistics.AssertEqual(ReferenceStatistics.Of(tensor, request), statistics);
            var (active, beyond) = ReferenceStatistics.Units(tensor, request);
            Assert.Equal(active, statistics.Units!.Active);
            Assert.Equal(beyond, statistics.Units.Beyond);
        }
    }

    [Fact]
    public void Sampled_rows_are_the_rows_that_the_kernel_samples()
    {
        using var scope = NewDisposeScope();
        using var reductions = new DeviceReductions();
        using var batch = new StatisticsBatch();
        var tensor = new RandomTensors(seed: 8).Dense([37, 19], ScalarType.Float32);
        for (var offset = 0; offset < 5; offset++)
        {
            var request = new StatisticsRequest { RowStride = 4, RowOffset = offset };
            reductions.Add(tensor, request, offset);
            batch.Add(tensor, request);
        }

        var onDevice = reductions.Transfer();
        var onCpu = batch.Complete();
        for (var offset = 0; offset < 5; offset++)
            ReferenceStatistics.AssertEqual(onCpu[offset], onDevice[offset].Statistics);
    }
}
