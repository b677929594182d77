using GradGuard.Monitor.Detection;
using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>GG9005: saturation that came as the model learned is told from saturation that keeps it from learning.</summary>
public sealed class SaturationTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(100)]
    [InlineData(200)]
    public void WhatTrainingMadeWhileTheLossFellIsHealthy(int since)
        => Assert.Empty(Judge(step => step >= since ? 0.6 : 0.2, static step => 2 / (1 + (0.05 * step))));

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(40)]
    public void WhatTheRunBeganWithIsNotThoughTheLossFalls(int since)
        => Assert.Equal(since + 4, Judge(step => step >= since ? 0.6 : 0.2, static step => 2 / (1 + (0.05 * step)))[0]);

    [Theory]
    [InlineData(60)]
    [InlineData(100)]
    [InlineData(200)]
    public void WhatComesLaterIsNotWhereTheLossStands(int since)
        => Assert.Equal(since + 4, Judge(step => step >= since ? 0.6 : 0.2, static _ => 2)[0]);

    [Fact]
    public void WhatWasHealthyIsToldOnceTheLossIsThrownUp()
        => Assert.InRange(Judge(static step => step >= 100 ? 0.6 : 0.2, static step => step < 200 ? 2 / (1 + (0.05 * step)) : 2)[0], 200, 260);

    /// <summary>The steps at which a tanh with that saturated share is reported.</summary>
    private static List<int> Judge(Func<int, double> share, Func<int, double> loss)
    {
        var detector = new SaturationDetector(new DetectionThresholds());
        var fc = new LayerDescription { Path = "fc", Type = "Linear", HasWeights = true };
        var act = new LayerDescription { Path = "act", Type = "Tanh", Activation = ActivationKind.Tanh };
        return [.. Enumerable.Range(0, 300).Where(step => detector.Inspect(new StepRecord
        {
            Step = step,
            Depth = ReadingDepth.Everything,
            Loss = loss(step),
            Layers =
            [
                new LayerRecord
                {
                    Layer = act,
                    Source = fc,
                    Calls = 1,
                    IsFinal = false,
                    Output = new TensorFigures
                    {
                        Count = 64, NonFinite = 0, Mean = 0, Rms = 0.9, Norm = 7.2, Min = -1, Max = 1, ZeroShare = 0, SaturatedShare = share(step),
                    },
                },
            ],
        }).Any())];
    }
}
