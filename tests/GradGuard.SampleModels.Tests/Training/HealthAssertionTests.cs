using GradGuard.Monitor;
using GradGuard.Monitor.Testing;
using GradGuard.SampleModels.Catalogue;
using GradGuard.SampleModels.Training;
using static TorchSharp.torch;

namespace GradGuard.SampleModels.Tests.Training;

/// <summary>The samples as a user would test them: sound ones pass, broken ones fail with the alert they are known for.</summary>
public sealed class HealthAssertionTests
{
    private static readonly string[] Broken = ["saturated-sigmoid", "deep-sigmoid", "dying-relu", "exploding-rnn", "hand-written-sigmoid", "tiny-steps", "poor-start"];
    private static readonly string[] Sound = ["saturated-sigmoid-fixed", "dying-relu-leaky", "exploding-rnn-clipped", "healthy-mlp", "healthy-cnn", "healthy-transformer"];

    public static TheoryData<string, int> BrokenRuns => Runs(Broken);

    public static TheoryData<string, int> SoundRuns => Runs(Sound);

    [Theory]
    [MemberData(nameof(BrokenRuns))]
    public async Task A_broken_model_fails_with_its_alert(string name, int seed)
    {
        var failure = await Assert.ThrowsAsync<TrainingAssertException>(() => IsHealthy(name, seed));

        var expected = SampleCatalogue.Find(name)!.Expected!;
        Assert.Contains(failure.Alerts, alert => alert.Id == expected.Id && alert.Layer == expected.Layer);
        Assert.Contains($"\n  {expected.Id} ", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SoundRuns))]
    public async Task A_sound_model_passes(string name, int seed) => Assert.Equal(SampleCatalogue.Find(name)!.Steps, (await IsHealthy(name, seed)).Steps);

    private static TheoryData<string, int> Runs(string[] names)
    {
        var runs = new TheoryData<string, int>();
        foreach (var name in names)
            foreach (var seed in new[] { 4, 5 })
                runs.Add(name, seed);
        return runs;
    }

    private static async Task<MonitorSummary> IsHealthy(string name, int seed)
    {
        var sample = SampleCatalogue.Find(name)!;
        set_num_threads(1);
        random.manual_seed(seed);
        using var data = sample.Task.Load(null, seed);
        using var model = sample.Create();
        using var optimizer = sample.Optimizer(model.parameters());
        var order = new Random(seed);
        return await TrainingAssert.IsHealthy(model, Step, sample.Steps, cancellationToken: TestContext.Current.CancellationToken);

        void Step(GradientMonitor monitor)
        {
            using var scope = NewDisposeScope();
            var rows = tensor(Enumerable.Range(0, sample.BatchSize).Select(_ => order.NextInt64(data.TrainInputs.shape[0])).ToArray());
            var (input, target) = (data.TrainInputs.index_select(0, rows), data.TrainTargets.index_select(0, rows));
            if (model is ITrainsItself trainable)
            {
                trainable.TrainStep(input, target, optimizer, monitor);
                return;
            }

            optimizer.zero_grad();
            var loss = sample.Task.Loss(model.call(input), target);
            loss.backward();
            if (sample.ClipNorm is { } norm)
                nn.utils.clip_grad_norm_(model.parameters(), norm);
            monitor.Observe(loss);
            optimizer.step();
        }
    }
}
