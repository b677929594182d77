namespace GradGuard.Monitor.Sampling;

/// <summary>What steps read to one depth take, as running means.</summary>
internal sealed class ReadingCost
{
    /// <summary>Steps after a reading that still feel it: on a CNN of 14 ms a step the first takes 6% more, the next 4% and 2%.</summary>
    public const int Aftermath = 3;

    /// <summary>Times a usual step that one of these counts for at most: longer ones held something else.</summary>
    public const double LongestAfter = 1.25;

    /// <summary>Weight of the newest measurement.</summary>
    private const double Smoothing = 0.2;

    private double _own = double.NaN;
    private double _training = double.NaN;
    private double _after = double.NaN;

    /// <summary>Seconds that the monitor takes in such a step; NaN before the first.</summary>
    public double Own => _own;

    /// <summary>
    /// What such a reading adds to the step around it and to those after it, in seconds, beyond the monitor's own calls: gradients that are kept, memory
    /// that is not reused, caches that the reading pushed the training's data out of.
    /// </summary>
    /// <param name="training">Seconds that training takes in a step that is not read.</param>
    public double Disturbance(double training) => Beyond(_training, training) + (Aftermath * Beyond(_after, training));

    /// <summary>Takes what the monitor took.</summary>
    public void AddOwn(double seconds) => Smooth(ref _own, seconds);

    /// <summary>Takes what training took around it.</summary>
    public void AddTraining(double seconds) => Smooth(ref _training, seconds);

    /// <summary>Takes what training took in one of the <see cref="Aftermath"/> steps after it.</summary>
    public void AddAfter(double seconds) => Smooth(ref _after, seconds);

    /// <summary>Lets the memory of what the monitor took fade.</summary>
    public void Forget(double kept) => _own *= kept;

    /// <summary>Moves a running mean towards a value.</summary>
    public static void Smooth(ref double mean, double value)
        => mean = double.IsNaN(mean) ? value : mean + (Smoothing * (value - mean));

    private static double Beyond(double seconds, double usual) => double.IsNaN(seconds) ? 0 : Math.Max(0, seconds - usual);
}
