using GradGuard.Monitor.Statistics;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Statistics;

public class UpdateNormTests
{
    [Theory]
    [MemberData(nameof(StatisticsBatchTests.TypesAndSeeds), MemberType = typeof(StatisticsBatchTests))]
    public void Distance_and_norm_match_the_definition_over_finite_positions(ScalarType dtype, int seed)
    {
        using var scope = NewDisposeScope();
        var tensors = new RandomTensors(seed);
        for (var trial = 0; trial < 10; trial++)
        {
            var shape = tensors.Shape(minDimensions: 2);
            var before = tensors.Dense(shape, dtype);
            var after = tensors.Dense(shape, dtype);
            if (trial % 3 == 0)
                (before, after) = (before.transpose(0, 1), after.transpose(0, 1).contiguous());
            var pairs = ReferenceStatistics.Elements(before).Zip(ReferenceStatistics.Elements(after)).ToArray();
            var finite = pairs.Where(pair => double.IsFinite(pair.First) && double.IsFinite(pair.Second)).ToArray();
            var distance = finite.Sum(pair => Math.Pow(pair.Second - pair.First, 2));
            var norm = finite.Sum(pair => Math.Pow(pair.First, 2));
            var update = UpdateNorm.Between(before, after)!.Value;
            Assert.Equal(distance, update.SquaredDistance, 1e-9 * distance);
            Assert.Equal(norm, update.SquaredNorm, 1e-9 * norm);
            Assert.Equal(pairs.Length - finite.Length, update.NonFinite);
        }
    }

    [Theory]
    [InlineData(1f, 1e-3f)]
    [InlineData(1f, 1e-7f)] // The last bit of a weight.
    [InlineData(1e-3f, 0f)] // Nothing moves.
    [InlineData(1e-20f, 1e-25f)] // Squares that float32 does not hold.
    [InlineData(0f, 1e-3f)]
    [InlineData(1e25f, 1e22f)] // Squares that overflow it.
    public void In_single_precision_it_is_the_same_but_for_rounding(float size, float step)
    {
        var random = new Random(5);
        foreach (var length in new[] { 1, 7, 16, 128, 4096, 10_001 })
        {
            var before = Enumerable.Range(0, length).Select(_ => size * (float)(random.NextDouble() + 0.5)).ToArray();
            var after = before.Select(weight => weight + (step * (float)(random.NextDouble() + 0.5))).ToArray();
            if (length > 100)
                after[50] = float.NaN;
            var (exact, estimate) = (UpdateNorm.Between<float>(before, after), UpdateNorm.Estimate(before, after));
            Assert.Equal(exact.SquaredDistance, estimate.SquaredDistance, 1e-5 * exact.SquaredDistance);
            Assert.Equal(exact.SquaredNorm, estimate.SquaredNorm, 1e-5 * exact.SquaredNorm);
            Assert.Equal(length > 100 ? 1 : 0, estimate.NonFinite);
        }
    }

    [Fact]
    public void An_update_in_the_last_bits_of_a_weight_is_seen()
    {
        using var scope = NewDisposeScope();
        var before = full([1000], 1f);
        var after = full([1000], MathF.BitIncrement(1f));
        Assert.Equal(Math.Pow(2, -23), UpdateNorm.Between(before, after)!.Value.Ratio, 1e-15);
    }

    [Fact]
    public void A_parameter_that_left_zero_has_an_infinite_ratio_and_one_that_stayed_has_none()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(double.PositiveInfinity, UpdateNorm.Between(zeros(4), ones(4))!.Value.Ratio);
        Assert.True(double.IsNaN(UpdateNorm.Between(zeros(4), zeros(4))!.Value.Ratio));
    }

    [Fact]
    public void States_that_do_not_match_have_no_update()
    {
        using var scope = NewDisposeScope();
        Assert.Null(UpdateNorm.Between(ones(4), ones(5)));
        Assert.Null(UpdateNorm.Between(ones(4), ones(4, float64)));
        Assert.Null(UpdateNorm.Between(ones(4, int64), ones(4, int64)));
    }
}
