namespace GradGuard.Monitor.Sampling;

/// <summary>Tells when the monitor lastingly costs more than its budget, which it cannot mend by looking away any longer.</summary>
/// <param name="budget">Share of the training's own time.</param>
internal sealed class BudgetWatch(double budget)
{
    /// <summary>Steps of a window. The first is not judged: the dense start overdraws on purpose, and is paid back.</summary>
    public const int WindowSteps = 1000;

    /// <summary>Windows in a row that must be over.</summary>
    public const int Windows = 2;

    /// <summary>Times the budget from which a window is over: what chance readings and a busy machine add.</summary>
    public const double Tolerance = 1.5;

    private double _own;
    private double _training;
    private int _steps;
    private bool _started;
    private int _over;

    /// <summary>Share of the training's time that monitoring took over the last window; null unless it is over the budget.</summary>
    public double? Overdrawn { get; private set; }

    /// <summary>Takes what a step cost, in seconds.</summary>
    public void StepEnded(double own, double training)
    {
        _own += own;
        _training += training;
        if (++_steps < WindowSteps)
            return;
        var share = _own / _training;
        _over = _started && share > Tolerance * budget ? _over + 1 : 0;
        Overdrawn = _over >= Windows ? share : null;
        _started = true;
        (_own, _training, _steps) = (0, 0, 0);
    }
}
