using GradGuard.Monitor.Detection;
using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>GG9009 on written records: what is a fault through time and what is not.</summary>
public sealed class RecurrenceTests
{
    [Fact]
    public void ShrinkingThroughTimeIsAFaultOnlyWhileTheLossStandsStill()
    {
        Assert.Contains(Run(RecurrenceKind.PlainCell, 0.7, static step => step < 20 ? 1 : 0.167), static finding => finding.Id == "GG9009");
        Assert.Empty(Run(RecurrenceKind.PlainCell, 0.7, static step => 1 / (1 + (0.02 * step))));
    }

    [Fact]
    public void AGateThatForgetsOnPurposeIsNoFault()
        => Assert.Empty(Run(RecurrenceKind.GatedCell, 0.7, static _ => 0.167));

    [Fact]
    public void AGradientThatKeepsItsSizeIsNoFault()
        => Assert.Empty(Run(RecurrenceKind.PlainCell, 0.98, static _ => 0.167));

    [Fact]
    public void GrowthThroughTimeIsReportedInTheFirstBatch()
    {
        var finding = Run(RecurrenceKind.Plain, 1.4, static _ => 1)[0];
        Assert.Equal(("GG9009", AlertSeverity.Critical, "rnn"), (finding.Id, finding.Severity, finding.Layer));
        Assert.Equal(1.4, finding.Evidence["factorPerStep"], 6);
    }

    private static List<Finding> Run(RecurrenceKind kind, double factorBackPerStep, Func<int, double> loss)
    {
        var detector = new RecurrenceDetector(new DetectionThresholds());
        var layer = new LayerDescription { Path = "rnn", Type = "RNN", Recurrence = kind, HasWeights = true };
        var gradients = Enumerable.Range(0, 40).Select(time => Math.Pow(factorBackPerStep, 39 - time)).ToArray();
        var found = new List<Finding>();
        for (var step = 0; step < 200; step++)
        {
            found.AddRange(detector.Inspect(new StepRecord
            {
                Step = step,
                Loss = loss(step),
                Depth = ReadingDepth.Everything,
                Layers = [new LayerRecord { Layer = layer, Source = layer, Calls = 40, IsFinal = false, TimeGradients = gradients }],
            }));
        }

        return found;
    }
}
