using System.Text.Json;
using GradGuard.Monitor;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Instrumentation.Tests.Watching;

/// <summary>What this project's own build predicted of its models, beside what a monitor measures.</summary>
public sealed class PredictedStartTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("gradguard-").FullName;

    public static TheoryData<long> Seeds => [1, 2, 3];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void PredictionsStandBesideTheMeasurements(long seed)
    {
        var report = Start(seed, static () => new LargeWeights());

        Assert.Equal(["fc1", "fc2", "head"], report.Layers.Select(static layer => layer.Layer));
        Assert.Null(report.Remark);
        Assert.All(report.Layers, static layer =>
        {
            Assert.InRange(layer.PreActivationStd!.Value / layer.Predicted!.PreActivationStd!.Value, 0.6, 1.6);
            Assert.InRange(layer.GradientRatio!.Value / layer.Predicted.GradientRatio!.Value, 0.6, 1.6);
        });
        var first = report.Layers[0];
        Assert.Equal(16, first.Predicted!.PreActivationStd!.Value, 0.1);
        Assert.Equal(first.Predicted.SaturatedShare!.Value, first.SaturatedShare!.Value, 0.05);
        Assert.Contains("(predicted 16)", first.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AnInputOfAnotherSizeIsNamed(long seed)
    {
        var report = Start(seed, static () => new LargeWeights(), scale: 0.3);

        Assert.StartsWith("from 'fc1' on, the run starts otherwise than its code predicts", report.Remark, StringComparison.Ordinal);
        Assert.EndsWith("the input has an RMS of 0.3, and the prediction takes 1", report.Remark, StringComparison.Ordinal);
        Assert.EndsWith(report.Remark!, report.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void WeightsThatWereLoadedAreNamed(long seed)
    {
        var report = Start(seed, static () =>
        {
            var model = new Configured();
            using var mode = no_grad();
            model.Head.weight!.mul_(5);
            return model;
        });

        Assert.StartsWith("the weights of 'head' start with an RMS of", report.Remark, StringComparison.Ordinal);
        Assert.NotNull(report.Layers[0].Predicted);
    }

    [Theory]
    [InlineData(64, 2, "'layers.1' has a fan-in of 64, and 128 in the code")]
    [InlineData(128, 1, "the code creates 'layers.1', and this model has no such layer")]
    public void AModelOfOtherArgumentsIsNotPredicted(int width, int depth, string reason)
    {
        var report = Start(1, () => new Configured(width, depth));

        Assert.All(report.Layers, static layer => Assert.Null(layer.Predicted));
        Assert.EndsWith(reason, report.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public void OfADeeperModelOnlyWhatTheCodeMakesByDefaultIsPredicted()
    {
        var report = Start(1, static () => new Configured(depth: 4));

        Assert.Equal([true, true, false, false, false], report.Layers.Select(static layer => layer.Predicted is not null));
        Assert.All(report.Layers, static layer => Assert.Null(layer.Predicted?.GradientRatio));
        Assert.Null(report.Remark);
    }

    [Fact]
    public void BehindALayerThatNobodyKnowsNothingIsPredicted()
    {
        var report = Start(1, static () => new Unfollowed(Sequential(Linear(64, 64), ReLU())).Registered());

        Assert.Equal(3, report.Layers.Count);
        Assert.Equal([true, false, false], report.Layers.Select(static layer => layer.Predicted is not null));
        Assert.Null(report.Layers[0].Predicted!.GradientRatio);
    }

    [Fact]
    public void AModelThatIsNoClassOfTheProgramIsNotPredicted()
    {
        var report = Start(1, static () => Sequential(("in", new LargeWeights()), ("out", Linear(16, 16))));

        Assert.Equal(4, report.Layers.Count);
        Assert.All(report.Layers, static layer => Assert.Null(layer.Predicted));
        Assert.Null(report.Remark);
    }

    [Fact]
    public void TheRunDirectoryHoldsThemToo()
    {
        Start(1, static () => new LargeWeights(), scale: 0.3);
        using var preflight = JsonDocument.Parse(File.ReadAllText(Path.Combine(_directory, "run", "preflight.json")));
        var layer = preflight.RootElement.GetProperty("layers")[0];

        Assert.Equal(16, layer.GetProperty("predicted").GetProperty("preActivationStd").GetDouble(), 0.1);
        Assert.InRange(layer.GetProperty("gradientRatio").GetDouble(), 1e-6, 10);
        Assert.False(layer.GetProperty("predicted").TryGetProperty("deadShare", out _));
        Assert.Contains("RMS of 0.3", preflight.RootElement.GetProperty("remark").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Ten steps on normal inputs of the given scale.</summary>
    private PreflightReport Start(long seed, Func<Module<Tensor, Tensor>> build, double scale = 1)
    {
        random.manual_seed(seed);
        using var model = build();
        using var monitor = Training.Run(model, steps: 10, Path.Combine(_directory, "run"), () => scale * randn(128, 256), rate: 1e-4);
        return monitor.Preflight!;
    }
}
