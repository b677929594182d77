using GradGuard.Monitor.Sampling;

namespace GradGuard.Monitor.Tests.Sampling;

/// <summary>GG9013 over the budget: told once when it lasts, not for the dense start.</summary>
public sealed class BudgetWatchTests
{
    private readonly BudgetWatch _watch = new(0.02);

    [Fact]
    public void TwoWindowsOverTheBudgetAreToldOnce()
    {
        Assert.Empty(Run(0.05, 2999));
        Assert.Equal(0.05, Assert.Single(Run(0.05, 1)), 6);
        Assert.Empty(Run(0.05, 10_000));
    }

    [Fact]
    public void ADenseStartThatIsPaidBackIsNotTold()
    {
        Assert.Empty(Run(0.5, 1000));
        Assert.Empty(Run(0.02, 5000));
    }

    [Fact]
    public void OneBusyWindowIsNotTold()
    {
        Assert.Empty(Run(0.01, 2000));
        Assert.Empty(Run(0.2, 1000));
        Assert.Empty(Run(0.01, 1000));
    }

    [Fact]
    public void WindowsLastFiveSecondsAtLeast()
    {
        Assert.Empty(Run(0.05, 14_999, seconds: 0.001));
        Assert.Single(Run(0.05, 100, seconds: 0.001));
    }

    private List<double> Run(double share, int steps, double seconds = 0.01)
        => [.. Enumerable.Range(0, steps).Select(_ => _watch.StepEnded(share * seconds, seconds)).OfType<double>()];
}
