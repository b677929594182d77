using GradGuard.Monitor;
using GradGuard.SampleModels.Catalogue;
using GradGuard.SampleModels.Training;
using static TorchSharp.torch;

namespace GradGuard.SampleModels.Tests.Training;

/// <summary>With the monitor attached, training ends at the same parameters, bit for bit.</summary>
public sealed class TrainingIsUntouchedTests
{
    private const int Steps = 50;

    public static TheoryData<string> Names => [.. SampleCatalogue.All.Select(sample => sample.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_are_bit_identical_with_and_without_the_monitor(string name)
    {
        var sample = SampleCatalogue.Find(name)!;

        var without = BytesAfterTraining(sample, model => null);
        var with = BytesAfterTraining(sample, model => GradientMonitor.Attach(model));
        var readingEveryStep = BytesAfterTraining(sample, model => GradientMonitor.Attach(model, new() { SampleEvery = 1 }));

        Assert.Equal(without, with);
        Assert.Equal(without, readingEveryStep);
    }

    /// <summary>Parameters and buffers, by name, and torch's generator: all that the next step depends on.</summary>
    private static Dictionary<string, string> BytesAfterTraining(Sample sample, Func<nn.Module, GradientMonitor?> attach)
    {
        random.manual_seed(11);
        using var data = sample.Task.Load(null, seed: 11);
        using var model = sample.Create();
        using (var monitor = attach(model))
            new Trainer(sample, data, seed: 11).Train(model, Steps, monitor);

        var bytes = model.state_dict().ToDictionary(entry => entry.Key, entry => Convert.ToHexString(entry.Value.bytes));
        using var next = rand(4);
        bytes["the generator's next numbers"] = Convert.ToHexString(next.bytes);
        return bytes;
    }
}
