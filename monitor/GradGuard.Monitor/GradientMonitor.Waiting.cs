using GradGuard.Monitor.Capture;
using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Sampling;

namespace GradGuard.Monitor;

/// <content>
/// Steps that are not read and have nothing to tell but their loss wait for each other, and are judged together; so are readings of steps in a row.
/// </content>
/// <remarks>
/// Between two steps training takes the caches: on an LSTM of 64 units the detectors' code and data come from memory each time, and the 1 µs that
/// they need in a row becomes 35 µs a step (median, busy machine).
/// </remarks>
public sealed partial class GradientMonitor
{
    /// <summary>Steps that wait at most, the newest included, where somebody acts on what they tell or steps are long. With a fixed interval none waits past the end of its round, see <see cref="EndsRound"/>.</summary>
    internal const int WaitingSteps = 16;

    /// <summary>The same where nobody acts and steps are short: the 50 µs that it takes to fetch the detectors are 0.1% of a step of 2.5 ms for each 16 steps.</summary>
    internal const int LongestWait = 64;

    /// <summary>Mean step up to which it matters: so none waits for more than three seconds, and for a longer step it would save nothing that anybody could measure.</summary>
    private static readonly TimeSpan ShortStep = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Training time between two writes of readings that waited: one costs 70 µs whatever its length (2 processors, ext4), and 16 steps of a small network take 20 ms.
    /// </summary>
    private static readonly TimeSpan WriteInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Bytes of their records that are not held back any longer.</summary>
    private const int EnoughToWrite = 64 * 1024;

    private TimeSpan _written;
    private long _stepsBefore;
    private readonly List<WaitingStep> _waiting = new(WaitingSteps);

    /// <summary>The start, whose steps are few and tell most, waits for nothing; nor does who listens to each record.</summary>
    private void Wait(WaitingStep step)
    {
        _waiting.Add(step);
        if (step.Step < WaitingSteps || Recorded is not null)
            TakeWaiting();
        else if (_waiting.Count >= LongestWait || (_waiting.Count >= WaitingSteps && !MayTellLate) || (_options.SampleEvery is not null && EndsRound(step.Step)))
            TakeWaiting(mayHoldBack: true);
    }

    /// <summary>True for the last step before one that is read thoroughly where each is read: with a fixed interval, all that waits is judged by then.</summary>
    private static bool EndsRound(long step) => (step + 1) % SamplingSchedule.ThoroughInterval == 0;

    /// <param name="mayHoldBack">True to leave their records in memory where the last were written a moment ago.</param>
    private void TakeWaiting(bool mayHoldBack = false)
    {
        var waiting = _waiting.ToArray();
        _waiting.Clear();
        foreach (var (step, loss, clipping, reading) in waiting)
            Take(reading?.ToRecord() ?? new StepRecord { Step = step, Loss = loss, Clipping = clipping });
        if (mayHoldBack && _log is { WaitingBytes: < EnoughToWrite } && _meter.RunTime - _written < WriteInterval)
            return;
        _log?.Flush();
        _written = _meter.RunTime;
    }

    /// <summary>Judges the steps that wait, outside of <see cref="Observe"/>.</summary>
    private void Settle()
    {
        try
        {
            TakeWaiting();
        }
        catch (Exception fault)
        {
            Disable(fault);
        }
    }

    /// <summary>
    /// True where steps are short, and nobody acts on what they tell: the program's course must not depend on a clock. The time of the run holds all steps of this process but
    /// its first and the one at hand.
    /// </summary>
    private bool MayTellLate
        => _options.OnAlert == AlertAction.Continue && AlertRaised is null && _meter.RunTime < ShortStep * (_steps - _stepsBefore - 2);

    /// <summary>A reading waits where the next step is read as well.</summary>
    private bool MayWait(StepReading reading)
        => reading is { IsFinite: true, Depth: not ReadingDepth.Nothing } && _schedule.ReadsAfter(reading.Step) && MayTellLate;

    private readonly record struct WaitingStep(long Step, double? Loss, ClippingRecord? Clipping, StepReading? Reading = null);
}
