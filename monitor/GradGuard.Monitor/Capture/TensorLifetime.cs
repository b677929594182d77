namespace GradGuard.Monitor.Capture;

/// <summary>How long the program keeps what it gets at one place: what a layer returns, or the model's input.</summary>
internal sealed class TensorLifetime
{
    /// <summary>Tensors that must have outlasted their step, without exception: as many as there are in the first steps, which are all read, but for two.</summary>
    private const int Habit = 8;

    private int _lasted;
    private bool _wasLost;

    /// <summary>True where the program has kept each of them until its step was over, often enough to rely on it.</summary>
    public bool OutlastsSteps => !_wasLost && _lasted >= Habit;

    /// <summary>Bytes of what a call returned when they were last asked for.</summary>
    public long Bytes { get; set; }

    /// <summary>Takes what became of a tensor.</summary>
    /// <param name="lasts">True when the program's handle was valid once the step was over.</param>
    public void StepEnded(bool lasts)
    {
        _wasLost |= !lasts;
        if (_lasted < Habit)
            _lasted++;
    }
}
