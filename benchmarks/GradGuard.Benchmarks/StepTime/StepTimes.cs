using GradGuard.Monitor;
using GradGuard.Monitor.Sampling;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>
/// The steps of one way of watching, block by block, and what they say of its cost. What a shared machine does to single steps is larger than what
/// is measured, so a block is known by its median step, not by its sum: the rarer steps that a monitor reads, or judges with those before them, are told apart
/// and added by their share.
/// </summary>
internal sealed class StepTimes
{
    private readonly List<TimedStep[]> _blocks = [];

    /// <summary>Takes the next block.</summary>
    public void Add(TimedStep[] block) => _blocks.Add(block);

    /// <summary>Median step, in seconds.</summary>
    public double Median => Quartiles.Of(_blocks.SelectMany(static block => block).Select(static step => step.Seconds)).Median;

    /// <summary>All seconds.</summary>
    public double Sum => _blocks.Sum(static block => block.Sum(static step => step.Seconds));

    /// <summary>Share of the steps that were read so deep or deeper.</summary>
    public double ReadShare(ReadingDepth depth) => _blocks.SelectMany(static block => block).Average(step => step.Depth >= depth ? 1.0 : 0);

    /// <summary>Seconds of a step in the monitor's own calls, by its clock: of steps of one <see cref="Moment"/> their median, spread over all steps.</summary>
    public double UsualOwn => Alike(static (_, step) => step.Own).Sum();

    /// <summary>Their mean, with whatever else the machine did while the monitor's clock ran.</summary>
    public double MeanOwn => _blocks.SelectMany(static block => block).Average(static step => step.Own);

    /// <summary>
    /// Time of a step over that of one of <paramref name="others"/>, by rounds, each block over theirs of the same round: of the usual steps, plus what those take beyond them
    /// that have a <see cref="Moment"/> of their own, spread over all steps. Steps of one moment are alike, so each moment has a median of its own.
    /// </summary>
    public IEnumerable<double> RatiosTo(params StepTimes[] others)
    {
        var usual = _blocks.ConvertAll(UsualStep);
        var unusual = Alike((block, step) => step.Seconds - usual[block]).Sum();
        return usual.Index().Select(step => (step.Item + unusual) / others.Average(other => UsualStep(other._blocks[step.Index])));
    }

    /// <summary>What steps of each <see cref="Moment"/> take at the median, by their share of all steps.</summary>
    /// <param name="taken">What a step takes, and in which block.</param>
    private IEnumerable<double> Alike(Func<int, TimedStep, double> taken)
    {
        var alike = new Dictionary<Moment, List<double>>();
        var (steps, moment) = (0, default(Moment));
        foreach (var (block, step) in _blocks.Index().SelectMany(static block => block.Item.Select(step => (block.Index, step))))
        {
            steps++;
            moment = moment.Next(step.Depth);
            if (!alike.TryGetValue(moment.Alike, out var times))
                alike[moment.Alike] = times = [];
            times.Add(taken(block, step));
        }

        return alike.Values.Select(times => (double)times.Count / steps * Quartiles.Of(times).Median);
    }

    /// <summary>The median of the steps that are not read; of all where each is.</summary>
    private static double UsualStep(TimedStep[] block)
    {
        var unread = block.Where(static step => !step.Read).ToList();
        return Quartiles.Of((unread.Count > 0 ? unread : [.. block]).Select(static step => step.Seconds)).Median;
    }

    /// <summary>Where a step stands between the monitor's readings, and in the turn by which it judges steps together.</summary>
    /// <param name="Depth">How deep the last step was read that was.</param>
    /// <param name="After">Steps since then, itself not counted.</param>
    /// <param name="Run">Steps read in a row up to then.</param>
    private readonly record struct Moment(ReadingDepth Depth, int After, int Run)
    {
        /// <summary>The moment of the step after this one.</summary>
        public Moment Next(ReadingDepth depth) => depth == ReadingDepth.Nothing ? this with { After = After + 1 } : new(depth, 0, After == 0 ? Run + 1 : 0);

        /// <summary>
        /// The same for all steps that are alike: of steps in a row every 32nd is read thoroughly, and the one before it judged with those before that; of steps that are not read every 64th is judged so, or every 16th. There are
        /// as few kinds as that: the median of a handful of long steps lies above what they take beyond the usual one, since a machine makes steps longer, never shorter.
        /// </summary>
        public Moment Alike => Depth != ReadingDepth.Nothing && After == 0 ? this with { Run = Run % SamplingSchedule.ThoroughInterval }
            : Depth != ReadingDepth.Nothing && After <= ReadingCost.Aftermath ? this with { Run = 0 }
            : new(ReadingDepth.Nothing, After % GradientMonitor.LongestWait == 0 ? 2 : After % GradientMonitor.WaitingSteps == 0 ? 1 : 0, 0);
    }
}
