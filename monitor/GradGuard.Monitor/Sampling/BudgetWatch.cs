namespace GradGuard.Monitor.Sampling;

/// <summary>Tells, once, when the monitor lastingly costs more than its budget, which it cannot mend by looking away any longer.</summary>
/// <param name="budget">Share of the training's own time.</param>
internal sealed class BudgetWatch(double budget)
{
    /// <summary>Steps of a window, at least. The first window is not judged: the dense start overdraws on purpose, and is paid back.</summary>
    public const int WindowSteps = 1000;

    /// <summary>Training time of a window, at least, in seconds: what a busy machine does to single steps averages out.</summary>
    public const double WindowSeconds = 5;

    /// <summary>Windows in a row that must be over.</summary>
    public const int Windows = 2;

    /// <summary>Times the budget from which a window is over.</summary>
    public const double Tolerance = 1.5;

    private double _own;
    private double _training;
    private int _steps;
    private bool _started;
    private int _over;
    private bool _told;

    /// <summary>Takes what a step cost, in seconds.</summary>
    /// <returns>Share of the training's time that monitoring took over the last window, at the step where it is sure to be too much; null at others.</returns>
    public double? StepEnded(double own, double training)
    {
        _own += own;
        _training += training;
        if (++_steps < WindowSteps || _training < WindowSeconds)
            return null;
        var share = _own / _training;
        _over = _started && share > Tolerance * budget ? _over + 1 : 0;
        _started = true;
        (_own, _training, _steps) = (0, 0, 0);
        if (_told || _over < Windows)
            return null;
        _told = true;
        return share;
    }
}
