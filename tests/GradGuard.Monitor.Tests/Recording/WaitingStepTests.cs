using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Recording;

/// <summary>Steps that are not read are judged several at a time; what is told of them is the same.</summary>
public sealed class WaitingStepTests
{
    private const int SpikeAt = 150;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ASpikeIsToldAsWhenEachStepIsJudgedAtOnce(int seed)
    {
        var waiting = Observe(seed, steps: 200, atOnce: false);
        var atOnce = Observe(seed, steps: 200, atOnce: true);
        Assert.Contains(waiting.Alerts, static alert => alert.Id == "GG9007");
        Assert.Equal(atOnce.Alerts.Select(static alert => alert.ToString()), waiting.Alerts.Select(static alert => alert.ToString()));
    }

    [Theory]
    [InlineData(156)]
    [InlineData(159)]
    [InlineData(170)]
    public void WhatWaitsWhenTheRunEndsIsStillRaised(int steps)
    {
        var (alerts, raised) = Observe(seed: 1, steps, atOnce: false);
        Assert.Contains(alerts, static alert => alert.Id == "GG9007");
        Assert.Equal(alerts, raised);
    }

    [Fact]
    public void TheAlertsHeldAreThoseOfAllStepsSoFar()
    {
        using var model = nn.Linear(2, 2);
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 10_000 });
        var at = Enumerable.Range(0, 200).First(step =>
        {
            ObserveLoss(monitor, step, 1 + (0.01 * (step % 3)));
            return monitor.Alerts.Any(static alert => alert.Id == "GG9007");
        });
        Assert.Equal(SpikeAt + 5, at);
    }

    [Fact]
    public void ALossThatIsNotFiniteWaitsForNothing()
    {
        using var model = nn.Linear(2, 2);
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 10_000 });
        var raised = new List<Alert>();
        monitor.AlertRaised += (_, alert) => raised.Add(alert);
        for (var step = 0; step < 40; step++)
            ObserveLoss(monitor, step, 1);
        Assert.DoesNotContain(raised, static alert => alert.Id == "GG9001");
        ObserveLoss(monitor, 40, double.NaN);
        Assert.Contains(raised, static alert => alert is { Id: "GG9001", Step: 40 });
    }

    private static (IReadOnlyList<Alert> Alerts, IReadOnlyList<Alert> Raised) Observe(int seed, int steps, bool atOnce)
    {
        using var model = nn.Linear(2, 2);
        var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 10_000 });
        var raised = new List<Alert>();
        monitor.AlertRaised += (_, alert) => raised.Add(alert);
        if (atOnce)
            monitor.Recorded += static _ => { };
        var random = new Random(seed);
        for (var step = 0; step < steps; step++)
            ObserveLoss(monitor, step, 1 + (0.02 * random.NextDouble()));
        monitor.Complete();
        return (monitor.Alerts, raised);
    }

    private static void ObserveLoss(GradientMonitor monitor, int step, double loss)
    {
        using var value = tensor(step == SpikeAt ? 100 * loss : loss, dtype: ScalarType.Float32);
        monitor.Observe(value);
    }
}
