namespace GradGuard.Monitor.Sampling;

/// <summary>
/// Chooses the steps to read. The first ones are all read, since initialization faults show there; afterwards the interval is the
/// shortest that keeps the monitor within its budget, unless something looks wrong, or the fixed one.
/// </summary>
/// <remarks>With a budget the choice follows the clock, so it differs from run to run; a fixed interval repeats exactly.</remarks>
internal sealed class SamplingSchedule(double budget, int? fixedInterval)
{
    /// <summary>Steps read without exception at the start: twice what a fault of the initial weights needs to be suspected.</summary>
    public const int DenseSteps = 10;

    /// <summary>Steps read without exception after <see cref="Suspect"/>: with the dense start, enough for the longest of the detectors' windows.</summary>
    public const int SuspicionSteps = 12;

    /// <summary>Steps between two bursts of suspicion: a lasting fault must not void the budget.</summary>
    public const int SuspicionInterval = 500;

    /// <summary>The longest interval the budget can choose, so that a fault is seen at all on very short steps.</summary>
    public const int LongestInterval = 500;

    /// <summary>
    /// The next reading comes after at most this share of the steps so far. On short steps the budget alone would look away for
    /// hundreds of steps right after the start; this adds 10 readings for each tenfold of steps, which any run can pay.
    /// </summary>
    public const double LongestShare = 0.25;

    /// <summary>Weight of the newest measurement in the running means.</summary>
    private const double Smoothing = 0.2;

    /// <summary>What is left, after each step without, of the reason not to trace: half after 70 steps.</summary>
    private const double Forgetting = 0.99;

    /// <summary>
    /// Times the running mean from which a step counts no longer: it held an evaluation, a checkpoint or a wait, and a budget that took those for
    /// training would spend a share of them on readings.
    /// </summary>
    public const double Pause = 3;

    /// <summary>Share of the overdrawn time that one reading pays back.</summary>
    private const double Repayment = 0.1;

    private double _sampledCost = double.NaN;
    private double _idleCost = double.NaN;
    private double _tracedCost = double.NaN;
    private double _trainingTime = double.NaN;
    private double _readTrainingTime = double.NaN;
    private double _debt;
    private SamplingPlan _plan = new(0, DenseSteps, -SuspicionInterval);

    /// <summary>The steps chosen so far, to go on with in a resumed run; costs are measured anew there.</summary>
    public SamplingPlan Plan
    {
        get => _plan;
        set => _plan = value;
    }

    /// <summary>True when <paramref name="step"/> is to be read.</summary>
    public bool IsSampled(long step)
        => fixedInterval is { } interval ? step % interval == 0 : step < _plan.DenseUntil || step >= _plan.Next;

    /// <summary>True at the start, and for a while after something looked wrong.</summary>
    public bool IsDense(long step) => step < _plan.DenseUntil;

    /// <summary>
    /// True when outputs may be held on steps that are not read, so that the first NaN finds its producer: holding must leave at
    /// least half the budget. Where it does not, it is tried again now and then, as the first measurement pays for the compiler too.
    /// </summary>
    public bool MayTrace { get; private set; } = true;

    /// <summary>
    /// What a reading adds to the step around it, in seconds, beyond the monitor's own calls: gradients that are kept, memory that is not reused,
    /// caches that the readings pushed the training's data out of. The training of steps that are read is compared with that of the others.
    /// </summary>
    private double Disturbance => double.IsNaN(_readTrainingTime) ? 0 : Math.Max(0, _readTrainingTime - _trainingTime);

    /// <summary>Takes what a step cost.</summary>
    /// <param name="step">Its number.</param>
    /// <param name="sampled">Whether it was read.</param>
    /// <param name="own">Seconds the monitor took.</param>
    /// <param name="training">Seconds the training itself took.</param>
    public void StepEnded(long step, bool sampled, double own, double training)
    {
        training = double.IsNaN(_trainingTime) ? training : Math.Min(training, Pause * _trainingTime);

        // A step that is read is no shorter than one that is not: where all are read, that is how a first measurement too long is mended.
        if (!sampled || step < DenseSteps || training < _trainingTime)
            Smooth(ref _trainingTime, training);
        if (sampled && step >= DenseSteps)
            Smooth(ref _readTrainingTime, training);
        _debt = Math.Max(0, _debt + own + (sampled ? Disturbance : 0) - (budget * _trainingTime));
        if (sampled)
        {
            Smooth(ref _sampledCost, own);
            _plan = _plan with { Next = step + Math.Min(Interval(), 1 + (long)(LongestShare * step)) };
        }
        else if (MayTrace)
        {
            Smooth(ref _tracedCost, own);
        }
        else
        {
            Smooth(ref _idleCost, own);
            _tracedCost *= Forgetting;
        }

        MayTrace = fixedInterval is not null || double.IsNaN(_tracedCost) || _tracedCost <= budget * _trainingTime / 2;
    }

    /// <summary>Something looks wrong at <paramref name="step"/>: read the next steps densely.</summary>
    public void Suspect(long step)
    {
        if (step - _plan.LastSuspicion < SuspicionInterval)
            return;
        _plan = _plan with { LastSuspicion = step, DenseUntil = Math.Max(step + 1, DenseSteps) + SuspicionSteps };
    }

    /// <summary>
    /// Smallest k with (c + (k − 1)·i) / (k·t) within the budget, where a read step costs c seconds, another one i, and training
    /// itself takes t. What the dense start overdrew is paid back bit by bit, by counting a share of it as part of c.
    /// </summary>
    private long Interval()
    {
        var unread = MayTrace ? _tracedCost : _idleCost;
        var idle = double.IsNaN(unread) ? 0 : unread;
        var spare = (budget * _trainingTime) - idle;
        var extra = Math.Max(0, _sampledCost + Disturbance - idle) + (Repayment * _debt);
        return spare > 0 ? (long)Math.Clamp(Math.Ceiling(extra / spare), 1, LongestInterval) : LongestInterval;
    }

    private static void Smooth(ref double mean, double value)
        => mean = double.IsNaN(mean) ? value : mean + (Smoothing * (value - mean));
}

/// <summary>Which steps are to be read.</summary>
/// <param name="Next">The next one, unless a dense stretch comes before it.</param>
/// <param name="DenseUntil">Every step before this one.</param>
/// <param name="LastSuspicion">When something last looked wrong.</param>
internal readonly record struct SamplingPlan(long Next, long DenseUntil, long LastSuspicion);
