using GradGuard.Monitor.Tests.Training;

namespace GradGuard.Monitor.Tests.Sampling;

public sealed class StoppedClockTests
{
    [Fact]
    public void TheMonitorTimesItselfAndTheStepsByTheClockItIsGiven()
    {
        var clock = new HandClock();
        var run = new TrainingRun
        {
            Steps = 6,
            Options = new GradientMonitorOptions { Clock = clock },
            BeforeForward = _ => clock.Now += 30,
        };
        var summary = run.Train(Models.Mlp).Summary!;
        Assert.Equal((TimeSpan.FromMilliseconds(150), TimeSpan.Zero), (summary.RunTime, summary.MonitorTime));
    }
}
