using GradGuard.Monitor.Alerting;
using GradGuard.Monitor.Detection;
using GradGuard.Monitor.Tests.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Alerting;

public sealed class PolicyTests
{
    [Fact]
    public void StopAsksTheLoopToLeave()
    {
        using var model = Saturated();
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { OnAlert = AlertAction.Stop, SampleEvery = 1 });
        for (var step = 0; step < 4; step++)
            Step(model, monitor);
        Assert.False(monitor.StopRequested);
        Step(model, monitor);
        Assert.True(monitor.StopRequested);
    }

    [Fact]
    public void ThrowLeavesByAnException()
    {
        using var model = Saturated();
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { OnAlert = AlertAction.Throw, SampleEvery = 1 });
        for (var step = 0; step < 4; step++)
            Step(model, monitor);
        var exception = Assert.Throws<GradientAlertException>(() => Step(model, monitor));
        Assert.Equal("GG9005", exception.Alert.Id);
        Assert.Same(exception.Alert, Assert.Single(monitor.Alerts));
    }

    [Fact]
    public void ContinueOnlyTellsAndTellsOnce()
    {
        using var model = Saturated();
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        var told = new List<Alert>();
        monitor.AlertRaised += (_, alert) => told.Add(alert);
        for (var step = 0; step < 40; step++)
            Step(model, monitor);
        Assert.Equal(monitor.Alerts, told);
        Assert.Single(told);
        Assert.False(monitor.StopRequested);
    }

    [Fact]
    public void AfterCompletionNothingIsWatched()
    {
        using var model = Saturated();
        var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        monitor.Complete();
        for (var step = 0; step < 10; step++)
            Step(model, monitor);
        Assert.Empty(monitor.Alerts);
        Assert.Equal(0, monitor.Summary().Steps);
    }

    [Theory]
    [InlineData(0.0, null)]
    [InlineData(1.5, null)]
    [InlineData(double.NaN, null)]
    [InlineData(0.02, 0)]
    public void SettingsOutOfRangeAreRefused(double budget, int? every)
    {
        using var model = Saturated();
        Assert.Throws<ArgumentOutOfRangeException>(
            () => GradientMonitor.Attach(model, new GradientMonitorOptions { OverheadBudget = budget, SampleEvery = every }));
    }

    [Fact]
    public void AFindingIsNewsAgainWhenItGetsWorseOrComesBack()
    {
        var gate = new AlertGate();
        Finding At(AlertSeverity severity) => new("GG9004", severity, "fc", "", "", new Dictionary<string, double>());
        Assert.True(gate.Admit(At(AlertSeverity.Warning), 10));
        Assert.False(gate.Admit(At(AlertSeverity.Warning), 11));
        Assert.True(gate.Admit(At(AlertSeverity.Critical), 12));
        Assert.False(gate.Admit(At(AlertSeverity.Warning), 13));
        Assert.False(gate.Admit(At(AlertSeverity.Critical), 13 + AlertGate.Cooldown));
        Assert.True(gate.Admit(At(AlertSeverity.Warning), 14 + (2 * AlertGate.Cooldown)));
    }

    private static Sequential Saturated() => Models.Deep(1, 16, () => Sigmoid(), layer => init.normal_(layer.weight!, 0, 50));

    private static void Step(Sequential model, GradientMonitor monitor)
    {
        using var scope = NewDisposeScope();
        var loss = model.call(randn(64, 32)).square().mean();
        loss.backward();
        monitor.Observe(loss);
    }
}
