using GradGuard.Monitor.Statistics;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Statistics;

public class NonFiniteCheckTests
{
    public static TheoryData<ScalarType, double> TypesAndValues()
    {
        var data = new TheoryData<ScalarType, double>();
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64, ScalarType.Float16, ScalarType.BFloat16 })
        {
            foreach (var value in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
                data.Add(dtype, value);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(TypesAndValues))]
    public void One_non_finite_element_is_found_wherever_it_is(ScalarType dtype, double value)
    {
        using var scope = NewDisposeScope();
        var random = new Random(7);
        foreach (var length in new[] { 1, 2, 15, 16, 33, 1000, 40_001 })
        {
            var tensor = zeros(length, dtype: dtype).sub_(65_000);
            Assert.Equal(-1, NonFiniteCheck.FirstIn([tensor]));
            tensor[random.Next(length)] = (float)value;
            Assert.Equal(0, NonFiniteCheck.FirstIn([tensor]));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Views_show_what_they_cover_and_no_more(int seed)
    {
        using var scope = NewDisposeScope();
        var tensors = new RandomTensors(seed);
        for (var trial = 0; trial < 20; trial++)
        {
            var view = tensors.View(ScalarType.Float32);
            var expected = ReferenceStatistics.Elements(view).All(double.IsFinite) ? -1 : 0;
            Assert.Equal(expected, NonFiniteCheck.FirstIn([view]));
        }
    }

    [Fact]
    public void The_first_tensor_is_named_and_unreadable_ones_are_passed_over()
    {
        using var scope = NewDisposeScope();
        var gone = ones(2);
        gone.Dispose();
        var poisoned = full([3], float.NaN);
        Assert.Equal(3, NonFiniteCheck.FirstIn([gone, arange(3, int64), ones(3), poisoned, poisoned]));
        Assert.Equal(-1, NonFiniteCheck.FirstIn([gone, zeros(0), ones(2, 2).to_sparse()]));
        Assert.Equal(-1, NonFiniteCheck.FirstIn([]));
    }
}
