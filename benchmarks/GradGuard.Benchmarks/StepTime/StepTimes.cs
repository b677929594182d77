using GradGuard.Monitor.Recording;

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
    /// plus what a read one takes beyond them, spread over all steps. Readings of one depth are alike, so each depth has its own median.
    /// </summary>
    public Quartiles RatioTo(params StepTimes[] others)
    {
        var usual = _blocks.ConvertAll(UsualStep);
        var steps = (double)_blocks.Sum(static block => block.Length);
        var readings = _blocks.Index()
            .SelectMany(block => block.Item.Where(static step => step.Read).Select(step => (step.Depth, Beyond: step.Seconds - usual[block.Index])))
            .GroupBy(static read => read.Depth, static read => read.Beyond)
            .Sum(depth => depth.Count() / steps * Quartiles.Of(depth).Median);
        return Quartiles.Of(usual.Index().Select(step => (step.Item + readings) / others.Average(other => UsualStep(other._blocks[step.Index]))));
    }

    /// <summary>The median of the steps that are not read; of all where each is.</summary>
    private static double UsualStep(TimedStep[] block)
    {
        var unread = block.Where(static step => !step.Read).ToList();
        return Quartiles.Of((unread.Count > 0 ? unread : [.. block]).Select(static step => step.Seconds)).Median;
    }
}
