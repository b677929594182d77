using GradGuard.Monitor.Detection;
using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Statistics;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>GG9004: how much of a layer must be silent, and for how long.</summary>
public sealed class DeadUnitTests
{
    private const int Window = 20;

    [Theory]
    [InlineData(16, 32, null)]
    [InlineData(17, 32, AlertSeverity.Info)]
    [InlineData(18, 32, AlertSeverity.Info)]
    [InlineData(19, 32, AlertSeverity.Warning)]
    [InlineData(29, 32, AlertSeverity.Critical)]
    [InlineData(27, 48, AlertSeverity.Info)]
    [InlineData(28, 48, AlertSeverity.Warning)]
    [InlineData(128, 256, null)]
    [InlineData(136, 256, AlertSeverity.Info)]
    [InlineData(137, 256, AlertSeverity.Warning)]
    [InlineData(1, 1, AlertSeverity.Critical)]
    public void AMajorityThatChanceMakesIsWorthKnowingAndALargerOneAWarning(int silent, int units, AlertSeverity? severity)
    {
        var told = Judge(units, (_, unit) => unit >= silent, Window);

        Assert.Equal(severity, told.LastOrDefault()?.Severity);
        Assert.All(told, finding => Assert.Equal(silent, finding.Evidence["deadUnits"]));
    }

    [Theory]
    [InlineData(0.25, 8, null)]
    [InlineData(0.25, 10, AlertSeverity.Info)]
    [InlineData(0.25, 11, AlertSeverity.Warning)]
    public void WhatChanceMakesFollowsTheShareThatIsHarmless(double share, int silent, AlertSeverity? severity)
        => Assert.Equal(severity, Judge(32, (_, unit) => unit >= silent, Window, new() { DeadUnitShare = share }).LastOrDefault()?.Severity);

    [Fact]
    public void AUnitThatFiresOnceInTheWindowIsAlive()
    {
        Assert.Empty(Judge(32, static (batch, unit) => unit >= Window || batch % Window == unit, 200));
        Assert.NotEmpty(Judge(32, static (batch, unit) => unit >= Window || batch % (Window + 1) == 0, 200));
    }

    [Fact]
    public void UnitsThatComeBackAreNoLongerDead()
    {
        var told = Judge(32, static (batch, unit) => unit >= 30 || batch >= 30, 60);

        Assert.Equal([.. Enumerable.Range(Window - 1, 30 - Window + 1)], told.Select(static finding => (int)finding.Evidence["step"]));
    }

    /// <summary>What is told of a ReLU, batch by batch; the evidence holds the step as well.</summary>
    /// <param name="units">Its units.</param>
    /// <param name="isActive">Whether a unit fires in a batch.</param>
    /// <param name="batches">How many.</param>
    /// <param name="thresholds">As by default unless given.</param>
    private static List<Finding> Judge(int units, Func<int, int, bool> isActive, int batches, DetectionThresholds? thresholds = null)
    {
        var detector = new DeadUnitDetector(thresholds ?? new DetectionThresholds());
        var layer = new LayerDescription { Path = "act", Type = "ReLU", Activation = ActivationKind.Rectifier };
        return [.. Enumerable.Range(0, batches).SelectMany(batch => detector.Inspect(new StepRecord
        {
            Step = batch,
            Depth = ReadingDepth.Everything,
            Layers =
            [
                new LayerRecord
                {
                    Layer = layer,
                    Source = null,
                    Calls = 1,
                    IsFinal = false,
                    Units = new UnitActivity
                    {
                        Positions = 64,
                        Active = [.. Enumerable.Range(0, units).Select(unit => isActive(batch, unit) ? 20 : 0)],
                        Beyond = [],
                    },
                },
            ],
        }).Select(finding => finding with { Evidence = new Dictionary<string, double>(finding.Evidence) { ["step"] = batch } }))];
    }
}
