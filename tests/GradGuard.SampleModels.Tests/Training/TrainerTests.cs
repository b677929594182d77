using GradGuard.SampleModels.Catalogue;
using GradGuard.SampleModels.Training;
using static TorchSharp.torch;

namespace GradGuard.SampleModels.Tests.Training;

public sealed class TrainerTests
{
    [Fact]
    public void A_seed_gives_the_same_parameters_and_another_seed_others()
    {
        var once = ParametersAfter(seed: 7);

        Assert.Equal(once, ParametersAfter(seed: 7));
        Assert.NotEqual(once, ParametersAfter(seed: 8));
    }

    [Fact]
    public void Progress_is_told_each_step_in_order()
    {
        var steps = new List<int>();
        var sample = SampleCatalogue.Find("healthy-mlp")!;
        using var data = sample.Task.Load(null, seed: 1);
        using var model = sample.Create();

        new Trainer(sample, data, seed: 1).Train(model, 40, monitor: null, (step, loss) =>
        {
            Assert.True(double.IsFinite(loss));
            steps.Add(step);
        });

        Assert.Equal(Enumerable.Range(0, 40), steps);
    }

    [Fact]
    public void An_untrained_model_guesses()
    {
        var sample = SampleCatalogue.Find("healthy-mlp")!;
        random.manual_seed(3);
        using var data = sample.Task.Load(null, seed: 3);
        using var model = sample.Create();

        var (loss, accuracy) = new Trainer(sample, data, seed: 3).Evaluate(model);

        Assert.InRange(loss, 2.2, 2.5);
        Assert.InRange(accuracy, 0, 0.3);
    }

    private static float[] ParametersAfter(int seed)
    {
        var sample = SampleCatalogue.Find("healthy-mlp")!;
        random.manual_seed(seed);
        using var data = sample.Task.Load(null, seed);
        using var model = sample.Create();
        new Trainer(sample, data, seed).Train(model, 5, monitor: null);
        return [.. model.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];
    }
}
