using System.Text.Json;
using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Recording;

/// <summary>A loss that is scaled before backward: declared it changes nothing, undeclared it is named.</summary>
public sealed class LossScaleTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("gradguard-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ADeclaredScaleIsDividedOutOfEveryGradient(int seed)
    {
        var plain = Train("plain", seed, scale: 1, declared: 1, unscale: false);
        var unscaled = Train("unscaled", seed, scale: 1024, declared: 1024, unscale: true);
        var scaled = Train("scaled", seed, scale: 1024, declared: 1024, unscale: false);
        AssertClose(plain.Gradients, unscaled.Gradients);
        AssertClose(plain.Gradients, scaled.Gradients);
        Assert.DoesNotContain(unscaled.Reasons, static reason => reason.Contains("multiplied", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AnUndeclaredScaleIsNamed(int seed)
        => Assert.Contains(Train("run", seed, scale: 4096, declared: 1, unscale: true).Reasons,
            static reason => reason.Contains("multiplied by 4096", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void NoScaleIsNamedWhereThereIsNone(int seed)
    {
        foreach (var steps in new[] { false, true })
        {
            Assert.DoesNotContain(
                new TrainingRun { Seed = seed, Clip = steps ? 0.01 : null, Steps = 20 }.Train(Models.Mlp).Summary!.NotEvaluated,
                static missing => missing.Reason.Contains("multiplied", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void AScaleThatOverflowsNowAndThenIsHealthyAndOneThatAlwaysDoesIsNot()
    {
        Assert.Empty(Overflow(step => step % 10 == 5));
        Assert.Equal("GG9001", Assert.Single(Overflow(static _ => true)).Id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void AScaleThatIsNoneIsRefused(double scale)
    {
        using var model = Models.Mlp();
        using var monitor = GradientMonitor.Attach(model);
        Assert.Throws<ArgumentOutOfRangeException>(() => monitor.LossScale = scale);
    }

    private static IReadOnlyList<Alert> Overflow(Func<int, bool> overflows)
    {
        using var model = Models.Mlp();
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        monitor.LossScale = 65536;
        for (var step = 0; step < 60; step++)
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            var loss = model.call(randn(16, 32)).square().mean();
            (loss * (overflows(step) ? double.MaxValue : 65536)).backward();
            monitor.Observe(loss);
        }

        return [.. monitor.Alerts];
    }

    private (double[] Gradients, string[] Reasons) Train(string name, int seed, double scale, double declared, bool unscale)
    {
        manual_seed(seed);
        using var model = Models.Mlp();
        var directory = Path.Combine(_root, $"{name}-{seed}");
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1, RunDirectory = directory });
        monitor.LossScale = declared;
        for (var step = 0; step < 5; step++)
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            var loss = nn.functional.cross_entropy(model.call(randn(16, 32)), randint(0, 4, 16, dtype: ScalarType.Int64));
            (loss * scale).backward();
            foreach (var parameter in unscale ? model.parameters() : [])
                parameter.grad!.div_(scale);
            monitor.Observe(loss);
        }

        monitor.Complete();
        var lines = File.ReadLines(Path.Combine(directory, "records.jsonl")).Select(static line => JsonSerializer.Deserialize<JsonElement>(line));
        var gradients = lines.SelectMany(static line => line.GetProperty("parameters").EnumerateArray().Concat(line.GetProperty("layers").EnumerateArray()))
            .Where(static entry => entry.TryGetProperty("gradientNorm", out _)).Select(static entry => entry.GetProperty("gradientNorm").GetDouble());
        return ([.. gradients], [.. monitor.Summary().NotEvaluated.Select(static missing => missing.Reason)]);
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), static pair => Assert.InRange(pair.Second / pair.First, 0.999, 1.001));
    }
}
