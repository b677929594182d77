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
        var gate = new AlertGate(cooldown: 500, escalateAfter: 2000, []);
        Assert.NotNull(gate.Admit(At(AlertSeverity.Warning), 10));
        Assert.Null(gate.Admit(At(AlertSeverity.Warning), 11));
        Assert.NotNull(gate.Admit(At(AlertSeverity.Critical), 12));
        Assert.Null(gate.Admit(At(AlertSeverity.Warning), 13));
        Assert.Null(gate.Admit(At(AlertSeverity.Critical), 513));
        Assert.NotNull(gate.Admit(At(AlertSeverity.Warning), 1014));
    }

    [Fact]
    public void TheCooldownIsTheProgramsChoice()
    {
        var gate = new AlertGate(cooldown: 3, escalateAfter: 2000, []);
        Assert.NotNull(gate.Admit(At(AlertSeverity.Warning), 10));
        Assert.Null(gate.Admit(At(AlertSeverity.Warning), 13));
        Assert.NotNull(gate.Admit(At(AlertSeverity.Warning), 17));
    }

    [Fact]
    public void AnInfoThatLastsBecomesAWarningOnce()
    {
        var gate = new AlertGate(cooldown: 500, escalateAfter: 1000, []);
        var raised = Enumerable.Range(0, 3000).Select(step => gate.Admit(At(AlertSeverity.Info), step)).OfType<Finding>().ToList();
        Assert.Equal([AlertSeverity.Info, AlertSeverity.Warning], raised.Select(static finding => finding.Severity));
        Assert.Contains("lasted 1000 steps", raised[1].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GG9005", "*", true)]
    [InlineData("*", "fc1", true)]
    [InlineData("GG900?", "fc*", true)]
    [InlineData("GG9004", "*", false)]
    [InlineData("GG9005", "act1", false)]
    [InlineData("GG9005", "fc", false)]
    public void WhatIsMutedIsNotTold(string id, string layer, bool muted)
    {
        using var model = Saturated();
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1, Mutes = [new AlertMute(id, layer)] });
        for (var step = 0; step < 8; step++)
            Step(model, monitor);
        Assert.Equal(muted ? 0 : 1, monitor.Alerts.Count);
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("fc*", false)]
    [InlineData("?", false)]
    public void AStarCoversTheModelItself(string layer, bool covers) => Assert.Equal(covers, new AlertMute("GG9008", layer).Covers("GG9008", ""));

    [Fact]
    public void AMutedAlertNeitherStopsNorThrows()
    {
        using var model = Saturated();
        using var monitor = GradientMonitor.Attach(
            model, new GradientMonitorOptions { SampleEvery = 1, OnAlert = AlertAction.Throw, Mutes = [new AlertMute("GG9005")] });
        for (var step = 0; step < 8; step++)
            Step(model, monitor);
        Assert.False(monitor.StopRequested);
    }

    [Fact]
    public void AlertsGivenEarlierStayAsTheyWere()
    {
        using var model = Saturated();
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        var before = monitor.Alerts;
        for (var step = 0; step < 20; step++)
            Step(model, monitor);
        Assert.NotEmpty(monitor.Alerts);
        Assert.Empty(before);
        Assert.Same(monitor.Alerts, monitor.Alerts);
    }

    [Fact]
    public void OptionsThatMakeNoSenseAreRefusedByName()
    {
        using var model = Saturated();
        void AssertRefused(GradientMonitorOptions options, string name)
            => Assert.Contains(name, Assert.ThrowsAny<ArgumentException>(() => GradientMonitor.Attach(model, options)).Message, StringComparison.Ordinal);
        AssertRefused(new GradientMonitorOptions { AlertCooldown = 0 }, "AlertCooldown");
        AssertRefused(new GradientMonitorOptions { EscalateAfter = 0 }, "EscalateAfter");
        AssertRefused(new GradientMonitorOptions { RecordFileBytes = 10 }, "RecordFileBytes");
        AssertRefused(new GradientMonitorOptions { Mutes = [new AlertMute("")] }, "Mutes");
        AssertRefused(new GradientMonitorOptions { Mutes = [new AlertMute("GG9005", "")] }, "Mutes");
        AssertRefused(new GradientMonitorOptions { Thresholds = new DetectionThresholds { StuckPatience = 10 } }, "StuckPatience");
    }

    private static Finding At(AlertSeverity severity) => new("GG9004", severity, "fc", "", "", new Dictionary<string, double>());

    private static Sequential Saturated() => Models.Deep(1, 16, () => Sigmoid(), layer => init.normal_(layer.weight!, 0, 50));

    private static void Step(Sequential model, GradientMonitor monitor)
    {
        using var scope = NewDisposeScope();
        var loss = model.call(randn(64, 32)).square().mean();
        loss.backward();
        monitor.Observe(loss);
    }
}
