namespace GradGuard.Monitor.Sampling;

/// <summary>
/// Chooses the steps to read and how deep. The first ones are all read whole, since initialization faults show there; afterwards norms are read often,
/// activations less and their gradients least, no closer than they tell something new and no closer than the budget allows, unless something looks
/// wrong. A fixed interval reads everything, whatever it costs.
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
    /// Everything is read again after at most this share of the steps so far. On short steps the budget alone would look away for
    /// hundreds of steps right after the start; this adds 10 readings for each tenfold of steps, which any run can pay.
    /// </summary>
    public const double LongestShare = 0.25;

    /// <summary>
    /// Steps between two readings of everything, at least, and <see cref="ShortestShare"/> of the steps so far while that is less: what is read of
    /// neighbouring steps is much the same, and a budget need not be spent. It is reached after a thousand steps, and binds where steps are long: a reading in 5 to 15 s there.
    /// </summary>
    public const int ShortestInterval = 64;

    /// <inheritdoc cref="ShortestInterval"/>
    public const double ShortestShare = 1.0 / 16;

    /// <summary>The planned budget that <see cref="ShortestInterval"/> belongs to: who sets a larger one wants readings that much closer.</summary>
    public const double ShortestAt = 0.012;

    /// <summary>
    /// Steps between two thorough readings where every step is read. Of what costs most between them parts do: on small models with two torch threads half of a large gradient lies in the
    /// other core's caches, and to read it moves it to the wrong one, a tenth of a step of 2 ms (<c>benchmarks step-time</c>).
    /// </summary>
    public const int ThoroughInterval = 32;

    /// <summary>Depths in turn: norms often, activations less, their gradients least.</summary>
    private static readonly ReadingDepth[] Cycle = [ReadingDepth.Norms, ReadingDepth.Activations, ReadingDepth.Norms, ReadingDepth.Everything];

    /// <summary>Place of everything in the cycle of depths.</summary>
    public static readonly int LastTurn = Cycle.Length - 1;

    /// <summary>
    /// Times the running mean from which a step counts no longer: it held an evaluation, a checkpoint or a wait, and a budget that took those for
    /// training would spend a share of them on readings.
    /// </summary>
    public const double Pause = 3;

    /// <summary>
    /// Share of what the monitor takes for everything, from which norms alone are no cheaper worth mentioning: then all readings are of everything. At a third, with activations
    /// midway, what the cycle costs with a reading in k steps, and everything in 4k, buys everything in 1.7k; at half, in 1.5k. What a reading does to the training around it is left out: where steps are long they differ by more than that, and
    /// chance would decide.
    /// </summary>
    public const double ShallowShare = 1.0 / 3;

    /// <summary>What is left, after each step without, of the reason not to trace: half after 70 steps.</summary>
    private const double Forgetting = 0.99;

    /// <summary>
    /// Share of the planned budget that readings take at most, once the start is paid for. One costs 1 to 4 ms with all that it disturbs, so that half a second to two seconds lie between
    /// them: who watches a run can do nothing with more. The rest is for what is done on every step.
    /// </summary>
    public const double ReadingShare = 1.0 / 6;

    /// <summary>Share of the overdrawn time that one reading pays back.</summary>
    private const double Repayment = 0.1;

    private readonly ReadingCost[] _readings = [.. Enum.GetValues<ReadingDepth>().Select(static _ => new ReadingCost())];
    private readonly ReadingCost _traced = new();
    private double _trainingTime = double.NaN;
    private double _debt;
    private bool _hasTraced;
    private long _lastRead = -ReadingCost.Aftermath - 1;
    private ReadingDepth _lastDepth;
    private SamplingPlan _plan = new(0, LastTurn, DenseSteps, -SuspicionInterval);

    /// <summary>The steps chosen so far, to go on with in a resumed run; costs are measured anew there.</summary>
    public SamplingPlan Plan
    {
        get => _plan;
        set => _plan = value;
    }

    /// <summary>
    /// True when outputs may be held on steps that are not read, so that the first NaN finds its producer: holding must leave at
    /// least half the budget. Where it does not, it is tried again now and then, as the first measurements pay for the compiler too.
    /// </summary>
    public bool MayTrace { get; private set; } = true;

    /// <summary>How deep <paramref name="step"/> is to be read.</summary>
    public ReadingDepth DepthOf(long step)
    {
        if (fixedInterval is { } interval)
            return step % interval == 0 ? ReadingDepth.Everything : ReadingDepth.Nothing;
        return IsDense(step) ? ReadingDepth.Everything : step >= _plan.Next ? Cycle[_plan.Turn] : ReadingDepth.Nothing;
    }

    /// <summary>True where the step after <paramref name="step"/> is read as well, whatever this one tells.</summary>
    public bool ReadsAfter(long step) => fixedInterval is { } interval ? interval == 1 : IsDense(step + 1);

    /// <summary>True where larger parts stand for what is large, and those gradients are asked for that training does not compute: on each step that is read, but where that is every step.</summary>
    public bool IsThorough(long step) => IsDense(step) || fixedInterval != 1 || step % ThoroughInterval == 0;

    /// <summary>
    /// True where gradients by parameters are read whole: two torch threads leave half of a large one in the other core's caches, and to move it takes longer than all else that is read of a
    /// step (an LSTM of 2 × 256 units: 5 ms of 8), then as long again of the optimizer, which a budget has better uses for.
    /// </summary>
    public bool ReadsGradientsWhole(long step) => IsDense(step) || (fixedInterval is not null && IsThorough(step));

    /// <summary>True at the start, and for a while after something looked wrong.</summary>
    public bool IsDense(long step) => step < _plan.DenseUntil;

    /// <summary>Takes what a step cost.</summary>
    /// <param name="step">Its number.</param>
    /// <param name="depth">How deep it was read.</param>
    /// <param name="own">Seconds the monitor took.</param>
    /// <param name="training">Seconds the training itself took.</param>
    public void StepEnded(long step, ReadingDepth depth, double own, double training)
    {
        var sampled = depth != ReadingDepth.Nothing;
        var reading = _readings[(int)depth];
        training = double.IsNaN(_trainingTime) ? training : Math.Min(training, Pause * _trainingTime);

        // A step that is read is no shorter than one that is not: where all are read, that is how a first measurement too long is mended.
        var isAfter = !sampled && step - _lastRead <= ReadingCost.Aftermath && _plan.Next - _lastRead > 2 * ReadingCost.Aftermath;
        if (!(sampled || isAfter) || step < DenseSteps || training < _trainingTime)
            ReadingCost.Smooth(ref _trainingTime, training);
        if (sampled && step >= DenseSteps)
            reading.AddTraining(training);
        if (isAfter)
            _readings[(int)_lastDepth].AddAfter(Math.Min(training, ReadingCost.LongestAfter * _trainingTime));
        _debt = Math.Max(0, _debt + own + (sampled ? reading.Disturbance(_trainingTime) : 0) - (budget * _trainingTime));
        if (sampled)
        {
            reading.AddOwn(own);
            (_lastRead, _lastDepth) = (step, depth);
            _plan = PlanAfter(step);
        }
        else if (MayTrace)
        {
            // The first one pays for the compiler: ten times what the others take. Held against them all, a hundred steps would go by in which the first NaN finds no producer.
            if (_hasTraced)
                _traced.AddOwn(own);
            _hasTraced = true;
        }
        else
        {
            reading.AddOwn(own);
            _traced.Forget(Forgetting);
        }

        MayTrace = fixedInterval is not null || double.IsNaN(_traced.Own) || _traced.Own <= budget * _trainingTime / 2;
    }

    /// <summary>Something looks wrong at <paramref name="step"/>: read the next steps densely, unless the interval is fixed, so that a run repeats exactly.</summary>
    public void Suspect(long step)
    {
        if (fixedInterval is not null || step - _plan.LastSuspicion < SuspicionInterval)
            return;
        _plan = _plan with { LastSuspicion = step, DenseUntil = Math.Max(step + 1, DenseSteps) + SuspicionSteps };
    }

    /// <summary>The cycle goes on where it fits between two readings of everything; where it does not, everything is read at once.</summary>
    private SamplingPlan PlanAfter(long step)
    {
        var patience = 1 + (long)(LongestShare * step);
        var closest = Math.Clamp(Math.Min(ShortestInterval, ShortestShare * step) * Math.Min(1, ShortestAt / budget), 1, LongestInterval);
        var idle = IdleCost;
        var everything = Extra(ReadingDepth.Everything, idle);
        var norms = _readings[(int)ReadingDepth.Norms].Own;

        // A resumed run has measured nothing yet.
        if (double.IsNaN(everything))
            return _plan with { Next = step + 1, Turn = LastTurn };
        if (double.IsNaN(norms) || norms < ShallowShare * _readings[(int)ReadingDepth.Everything].Own)
        {
            var mean = double.IsNaN(norms) ? everything : Cycle.Average(depth => double.IsNaN(Extra(depth, idle)) ? everything : Extra(depth, idle));
            var apart = Math.Max(Interval(mean, idle), (long)Math.Ceiling(closest / Cycle.Length));
            if (apart * Cycle.Length <= patience)
                return _plan with { Next = step + apart, Turn = (_plan.Turn + 1) % Cycle.Length };
        }

        return _plan with { Next = step + Math.Min(Math.Max(Interval(everything, idle), (long)closest), patience), Turn = LastTurn };
    }

    /// <summary>Seconds that the monitor takes in a step that is not read.</summary>
    private double IdleCost => (MayTrace ? _traced.Own : _readings[(int)ReadingDepth.Nothing].Own) is var unread && double.IsNaN(unread) ? 0 : unread;

    /// <summary>Seconds that a reading adds to a step; NaN where none went that deep yet.</summary>
    private double Extra(ReadingDepth depth, double idle)
        => Math.Max(0, _readings[(int)depth].Own + _readings[(int)depth].Disturbance(_trainingTime) - idle);

    /// <summary>
    /// Smallest k with (c + (k − 1)·i) / (k·t) within the budget, where a read step costs c seconds, another one i, and training
    /// itself takes t, and with (c - i) / (k·t) within the readings' share of it. What the dense start overdrew is paid back bit by bit, by counting a share of it as part of c at first.
    /// </summary>
    private long Interval(double extra, double idle)
    {
        var spare = (budget * _trainingTime) - idle;
        var apart = Math.Max((extra + (Repayment * _debt)) / spare, extra / (ReadingShare * budget * _trainingTime));
        return spare > 0 ? (long)Math.Clamp(Math.Ceiling(apart), 1, LongestInterval) : LongestInterval;
    }
}
