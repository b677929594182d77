using GradGuard.Monitor;
using GradGuard.SampleModels.Catalogue;
using GradGuard.SampleModels.Training;

namespace GradGuard.SampleModels.Tests.Training;

/// <summary>Every sample for three seeds, as `run NAME` trains it: broken ones are caught, the others learn in silence.</summary>
public sealed class PairTests
{
    private static readonly int[] Seeds = [1, 2, 3];

    public static TheoryData<string, int> Caught => Runs(sample => sample.Expected is not null);

    public static TheoryData<string, int> Sound => Runs(sample => sample.Kind != SampleKind.Broken);

    [Theory]
    [MemberData(nameof(Caught))]
    public void A_broken_model_raises_its_alert_at_its_layer(string name, int seed)
    {
        var outcome = Train(name, seed);

        var expected = outcome.Sample.Expected!;
        Assert.Contains(outcome.Alerts, alert =>
            alert.Id == expected.Id && alert.Layer == expected.Layer && alert.Severity >= AlertSeverity.Warning);
        Assert.All(outcome.Alerts, alert => Assert.NotEmpty(alert.Advice));
    }

    [Theory]
    [MemberData(nameof(Sound))]
    public void A_sound_model_learns_and_raises_nothing(string name, int seed)
    {
        var outcome = Train(name, seed);

        Assert.Empty(outcome.Alerts.Where(alert => alert.Severity >= AlertSeverity.Warning).Select(alert => alert.ToString()));
        // Guessing is right in one case of ten for images, one of five for sums.
        Assert.InRange(outcome.Accuracy, 0.4, 1);
    }

    private static TheoryData<string, int> Runs(Func<Sample, bool> which)
    {
        var runs = new TheoryData<string, int>();
        foreach (var sample in SampleCatalogue.All.Where(which))
            foreach (var seed in Seeds)
                runs.Add(sample.Name, seed);
        return runs;
    }

    private static SampleOutcome Train(string name, int seed)
    {
        var sample = SampleCatalogue.Find(name)!;
        return new SampleRun(sample) { Steps = sample.Steps, Seed = seed }.Train();
    }
}
