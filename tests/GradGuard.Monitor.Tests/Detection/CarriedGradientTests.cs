using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>GG9006 where its cause is that nobody zeroes the gradients; adding up on purpose is not that.</summary>
public sealed class CarriedGradientTests
{
    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void GradientsThatAreNeverZeroedAreNamedWithinTheFirstSteps(int seed)
    {
        var alert = Assert.Single(Train(seed, Models.Mlp(), zeroes: static _ => false, steps: 12), static alert => alert.Id == "GG9006");
        Assert.Equal(("", AlertSeverity.Warning), (alert.Layer, alert.Severity));
        Assert.InRange(alert.Step, 5, 9);
        Assert.Contains("never zeroed", alert.Message, StringComparison.Ordinal);
        Assert.Contains("zero_grad", alert.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void UnderAdamBehindBatchNormTheyAreToo(int seed)
        => Assert.Contains(Train(seed, Models.MlpWithDropout(), zeroes: static _ => false, steps: 12, adam: true), static alert => alert.Id == "GG9006");

    [Theory]
    [MemberData(nameof(Seeds))]
    public void WhereTheOnlyBiasHasAGradientOfSumZeroItsLengthTells(int seed)
        => Assert.Contains(
            Train(seed, nn.Sequential(("fc", nn.Linear(32, 4))), zeroes: static _ => false, steps: 80, rate: 1e-3),
            static alert => alert.Id == "GG9006" && alert.Evidence["gradientOverBound"] > 1.5);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void GradientsThatAreZeroedAreHealthy(int seed) => AssertQuiet(Train(seed, Models.Mlp(), zeroes: static _ => true, steps: 80));

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 16)]
    public void BatchesThatAreAddedUpBeforeEachUpdateAreHealthy(int seed, int batches)
        => AssertQuiet(Train(seed, Models.Mlp(), zeroes: step => step % batches == 0, updates: step => step % batches == batches - 1, steps: 80, rate: 0.02));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void BatchesThatAreObservedTogetherAreHealthy(int seed)
        => AssertQuiet(Train(seed, Models.Mlp(), zeroes: static step => step % 8 == 0, updates: static step => step % 8 == 7, observes: static step => step % 8 == 7, steps: 240));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void APenaltyOnTheWeightsIsHealthy(int seed)
        => AssertQuiet(Train(seed, Models.Mlp(), zeroes: static _ => true, steps: 120, penalty: 0.01));

    private static IReadOnlyList<Alert> Train(
        int seed, TorchSharp.Modules.Sequential fresh, Func<int, bool> zeroes, int steps, Func<int, bool>? updates = null, Func<int, bool>? observes = null,
        bool adam = false, double rate = 0.05, double penalty = 0)
    {
        using var model = fresh;
        manual_seed(seed);
        using var optimizer = adam ? (optim.Optimizer)optim.Adam(model.parameters(), rate / 10) : optim.SGD(model.parameters(), rate);
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        using var centres = randn(4, 32);
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var labels = randint(0, 4, 16, dtype: ScalarType.Int64);
            if (zeroes(step))
                optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(model.call(centres.index_select(0, labels) + randn(16, 32)), labels);
            if (penalty > 0)
                loss += penalty * model.parameters().Select(static parameter => parameter.square().sum()).Aggregate(static (sum, next) => sum + next);
            loss.backward();
            if (observes?.Invoke(step) ?? true)
                monitor.Observe(loss);
            if (updates?.Invoke(step) ?? true)
                optimizer.step();
        }

        return [.. monitor.Alerts];
    }

    private static void AssertQuiet(IReadOnlyList<Alert> alerts)
        => Assert.True(alerts.All(static alert => alert.Id != "GG9006"), string.Join("\n", alerts));
}
