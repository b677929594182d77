using GradGuard.Monitor.Detection;
using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>GG9009: what is a fault through time and what is not, on written records, and what a finding says of the weights.</summary>
public sealed class RecurrenceTests
{
    [Theory]
    [InlineData(true, "; the spectral radius of W_hh is 1.8.")]
    [InlineData(false, "; the spectral radius of W_hh is 0.5 by step 31.")]
    public void TheWeightsThatAFindingQuotesAreOfTheStepItNames(bool listens, string expected)
    {
        manual_seed(1);
        using var model = Reader.Rnn(16, recurrentStd: 0.1);
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        if (listens)
            monitor.AlertRaised += static (_, _) => { };
        for (var step = 0; step < 40; step++)
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            using (no_grad())
            {
                // So small an input leaves tanh its slope, and W_hh alone tells how the gradient grows.
                foreach (var (_, bias) in model.named_parameters().Where(static named => named.name.Contains("rnn.bias", StringComparison.Ordinal)))
                    bias.zero_();
                if (step is 17 or 20)
                    model.get_parameter("rnn.weight_hh_l0")!.copy_(eye(16) * (step == 17 ? 1.8 : 0.5));
            }

            var loss = functional.mse_loss(model.call(randn(8, 20, 2) * 1e-9), randn(8, 4));
            loss.backward();
            monitor.Observe(loss);
        }

        var alert = Assert.Single(monitor.Alerts, static alert => alert.Id == "GG9009");
        Assert.Equal(17, alert.Step);
        Assert.EndsWith(expected, alert.ToString(), StringComparison.Ordinal);
    }

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
