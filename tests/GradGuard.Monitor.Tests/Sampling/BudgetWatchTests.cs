using GradGuard.Monitor.Sampling;

namespace GradGuard.Monitor.Tests.Sampling;

/// <summary>GG9013 over the budget: told when it lasts, not for the dense start.</summary>
public sealed class BudgetWatchTests
{
    [Fact]
    public void TwoWindowsOverTheBudgetAreTold()
    {
        var watch = new BudgetWatch(0.02);
        Run(watch, 0.05, 2999);
        Assert.Null(watch.Overdrawn);
        Run(watch, 0.05, 1);
        Assert.Equal(0.05, watch.Overdrawn!.Value, 6);
    }

    [Fact]
    public void ADenseStartThatIsPaidBackIsNot()
    {
        var watch = new BudgetWatch(0.02);
        Run(watch, 0.5, 1000);
        Run(watch, 0.02, 5000);
        Assert.Null(watch.Overdrawn);
    }

    [Fact]
    public void OneBusyWindowIsNot()
    {
        var watch = new BudgetWatch(0.02);
        Run(watch, 0.01, 2000);
        Run(watch, 0.2, 1000);
        Run(watch, 0.01, 1000);
        Assert.Null(watch.Overdrawn);
    }

    [Fact]
    public void ItIsOverOnceTheCostFalls()
    {
        var watch = new BudgetWatch(0.02);
        Run(watch, 0.05, 4000);
        Assert.NotNull(watch.Overdrawn);
        Run(watch, 0.01, 1000);
        Assert.Null(watch.Overdrawn);
    }

    private static void Run(BudgetWatch watch, double share, int steps)
    {
        for (var step = 0; step < steps; step++)
            watch.StepEnded(share * 0.001, 0.001);
    }
}
