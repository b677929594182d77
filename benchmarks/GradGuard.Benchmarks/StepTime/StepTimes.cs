using GradGuard.Monitor;
using GradGuard.Monitor.Sampling;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>
/// The steps of one way of watching, block by block, and what they say of its cost. What a shared machine does to single steps is larger than what
/// is measured, so a block is known by its median step, not by its sum: the rare steps that a monitor reads are told apart and added by their share.
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

    /// <summary>
    /// Time of a step over that of one of <paramref name="others"/>, each block over theirs of the same round: of the median steps that are not read,
    /// plus what a read one and those after it take beyond them, spread over all steps. Readings of one depth are alike, so each has medians of its own.
    /// </summary>
    public Quartiles RatioTo(params StepTimes[] others)
    {
        var usual = _blocks.ConvertAll(UsualStep);
        var beyond = new Dictionary<(ReadingDepth Depth, int After), List<double>>();
        var (steps, last) = (0, (Depth: ReadingDepth.Nothing, After: 0));
        foreach (var (block, step) in _blocks.Index().SelectMany(static block => block.Item.Select(step => (block.Index, step))))
        {
            steps++;
            last = step.Read ? (step.Depth, 0) : (last.Depth, last.After + 1);
            if (last.Depth == ReadingDepth.Nothing || last.After > ReadingCost.Aftermath)
                continue;
            if (!beyond.TryGetValue(last, out var times))
                beyond[last] = times = [];
            times.Add(step.Seconds - usual[block]);
        }

        var readings = beyond.Values.Sum(times => (double)times.Count / steps * Quartiles.Of(times).Median);
        return Quartiles.Of(usual.Index().Select(step => (step.Item + readings) / others.Average(other => UsualStep(other._blocks[step.Index]))));
    }

    /// <summary>The median of the steps that are not read; of all where each is.</summary>
    private static double UsualStep(TimedStep[] block)
    {
        var unread = block.Where(static step => !step.Read).ToList();
        return Quartiles.Of((unread.Count > 0 ? unread : [.. block]).Select(static step => step.Seconds)).Median;
    }
}
