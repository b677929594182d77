using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>Whether a loss swings from step to step without falling, judged over windows.</summary>
internal sealed class LossSwing
{
    /// <summary>Steps of a window.</summary>
    public const int Steps = 64;

    /// <summary>
    /// Share of the steps at which the loss turns round. Independent noise turns at 2/3 of them (Wald and Wolfowitz' turning points), with a
    /// standard error of √(16/90/62) = 0.054 over a window: this is 3.4 of them above. A pure swing turns at all.
    /// </summary>
    public const double LeastTurning = 0.85;

    /// <summary>Mean change from one step to the next, over the mean loss, that is worth a word.</summary>
    public const double LeastSize = 0.2;

    /// <summary>A window whose mean is this far under the one before makes progress.</summary>
    public const double Progress = 0.03;

    private readonly List<double> _losses = new(Steps);
    private double _lastMean = double.NaN;

    /// <summary>Takes the loss of the next step.</summary>
    /// <returns>The window that it completed; null while one is filling.</returns>
    public Window? Add(double loss)
    {
        _losses.Add(loss);
        if (_losses.Count < Steps)
            return null;
        var turns = 0;
        var change = 0.0;
        for (var step = 1; step < Steps; step++)
        {
            change += Math.Abs(_losses[step] - _losses[step - 1]);
            if (step > 1 && (_losses[step] - _losses[step - 1]) * (_losses[step - 1] - _losses[step - 2]) < 0)
                turns++;
        }

        var mean = _losses.Average();
        var window = new Window(mean, change / (Steps - 1) / mean, (double)turns / (Steps - 2), mean < (1 - Progress) * _lastMean);
        _lastMean = mean;
        _losses.Clear();
        return window;
    }

    /// <summary>Saves or restores the window that is filling.</summary>
    public void Persist(StateArchive archive)
    {
        archive.Items(_losses, archive.Value);
        _lastMean = archive.Value(_lastMean);
    }

    /// <summary>A window of steps.</summary>
    /// <param name="Mean">Mean loss.</param>
    /// <param name="Size">Mean change from step to step over the mean loss.</param>
    /// <param name="Turning">Share of the steps at which the loss turned round.</param>
    /// <param name="Falls">True when the loss made progress since the window before.</param>
    internal readonly record struct Window(double Mean, double Size, double Turning, bool Falls)
    {
        /// <summary>True when it swings without falling.</summary>
        public bool Swings => !Falls && Size >= LeastSize && Turning >= LeastTurning;
    }
}
