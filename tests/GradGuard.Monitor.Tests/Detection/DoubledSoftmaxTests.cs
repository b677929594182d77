using GradGuard.Monitor.Detection;
using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>GG9008 where its cause is a softmax before the cross-entropy; losses that share one of its signs are healthy.</summary>
public sealed class DoubledSoftmaxTests
{
    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 4)]
    [InlineData(4, 10)]
    public void ProbabilitiesWhereLogitsBelongAreNoticed(int seed, int classes)
    {
        var result = Run(seed, classes, static (output, labels) => nn.functional.cross_entropy(output.softmax(1), labels));
        var alert = Assert.Single(result.Alerts, static alert => alert.Id == "GG9008");
        Assert.Equal(("", AlertSeverity.Warning), (alert.Layer, alert.Severity));
        Assert.Equal(Math.Log(1 + ((classes - 1) / Math.E)), alert.Evidence["floor"], 1e-9);
        Assert.Contains("Remove the softmax", alert.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void LogitsAreHealthy(int seed) => AssertQuiet(Run(seed, 4, static (output, labels) => nn.functional.cross_entropy(output, labels)));

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 10)]
    public void ATemperatureOfAsManyAsThereAreClassesIsHealthy(int seed, int classes)
        => AssertQuiet(Run(seed, classes, (output, labels) => nn.functional.cross_entropy(output / classes, labels)));

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 10)]
    public void LabelSmoothingIsHealthy(int seed, int classes)
        => AssertQuiet(Run(seed, classes, static (output, labels) => nn.functional.cross_entropy(output, labels, label_smoothing: 0.2)));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void LogProbabilitiesAreHealthy(int seed)
        => AssertQuiet(Run(seed, 4, static (output, labels) => nn.functional.cross_entropy(output.log_softmax(1), labels)));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void WrongLabelsAreHealthy(int seed)
        => AssertQuiet(Run(seed, 4, static (output, labels) => nn.functional.cross_entropy(output / 4, where(rand(labels.shape) < 0.3, randint_like(labels, 0, 4), labels))));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void NoBatchOfACrossEntropyHasLessGradientThanItsLossAsksFor(int seed)
    {
        var chance = new Random(seed);
        for (var batch = 0; batch < 2000; batch++)
        {
            var scale = Math.Pow(10, (3 * chance.NextDouble()) - 2);
            var losses = Enumerable.Range(0, 32).Select(_ => -scale * Math.Log(1 - chance.NextDouble())).ToArray();
            var missing = losses.Select(static loss => 1 - Math.Exp(-loss)).ToArray();
            var rms = Math.Sqrt(missing.Average(static share => share * share));
            Assert.InRange(DoubledSoftmaxDetector.LeastGradient(losses.Average(), losses.Max()), 0, rms * (1 + 1e-9));
        }

        Assert.Equal(0.5, DoubledSoftmaxDetector.LeastGradient(Math.Log(2), Math.Log(2) + 1e-9), 1e-6);
        Assert.Equal(double.PositiveInfinity, DoubledSoftmaxDetector.LeastGradient(1, 0.5));
    }

    private static TrainingRun.Result Run(int seed, int classes, Func<Tensor, Tensor, Tensor> loss)
        => new TrainingRun { Seed = seed, Classes = classes, Steps = 300, LearningRate = 0.01, Adam = true, Spread = 1, Loss = loss }
            .Train(() => nn.Sequential(("fc1", nn.Linear(32, 64)), ("act", nn.ReLU()), ("head", nn.Linear(64, classes))));

    private static void AssertQuiet(TrainingRun.Result result)
        => Assert.True(result.Alerts.All(static alert => alert.Id != "GG9008"), result.Told);
}
