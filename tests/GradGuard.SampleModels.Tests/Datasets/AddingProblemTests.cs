using GradGuard.SampleModels.Datasets;
using static TorchSharp.torch;

namespace GradGuard.SampleModels.Tests.Datasets;

public sealed class AddingProblemTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(7, 2)]
    [InlineData(40, 3)]
    public void The_target_is_the_sum_of_one_marked_number_in_either_half(int length, int seed)
    {
        using var data = new AddingProblem(length).Load(null, seed);
        using var numbers = data.TrainInputs.select(2, 0);
        using var marks = data.TrainInputs.select(2, 1);

        Assert.Equal([2000, length, 2], data.TrainInputs.shape);
        Assert.True(marks.narrow(1, 0, length / 2).sum(1).eq(1).all().item<bool>());
        Assert.True(marks.narrow(1, length / 2, length - length / 2).sum(1).eq(1).all().item<bool>());
        Assert.True((numbers * marks).sum(1).allclose(data.TrainTargets.squeeze(1)));
    }

    [Fact]
    public void The_best_answer_without_memory_has_an_error_of_a_sixth()
    {
        var task = new AddingProblem(40);
        using var data = task.Load(null, seed: 1);

        Assert.InRange(task.Loss(ones_like(data.TrainTargets), data.TrainTargets).item<float>(), 0.155f, 0.178f);
    }

    [Fact]
    public void A_seed_gives_the_same_sequences_and_another_seed_others()
    {
        using var once = new AddingProblem(40).Load(null, seed: 5);
        using var again = new AddingProblem(40).Load(null, seed: 5);
        using var other = new AddingProblem(40).Load(null, seed: 6);

        Assert.True(Same(once.TrainInputs, again.TrainInputs));
        Assert.False(Same(once.TrainInputs, other.TrainInputs));
        Assert.False(Same(once.TrainInputs.narrow(0, 0, 500), once.TestInputs));
    }

    private static bool Same(Tensor one, Tensor other) => one.eq(other).all().item<bool>();
}
