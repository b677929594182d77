namespace GradGuard.Monitor.Statistics;

/// <summary>When a position of a unit counts as active.</summary>
internal enum UnitActivityRule
{
    /// <summary>Activity is not counted.</summary>
    None,

    /// <summary><c>x &gt; threshold</c>: the ReLU family.</summary>
    Above,

    /// <summary><c>|x| &gt; threshold</c>: activations that pass both signs.</summary>
    MagnitudeAbove,
}

/// <summary>What to count in one tensor beyond its moments. The default value asks for the moments of every element.</summary>
internal readonly record struct StatisticsRequest
{
    /// <summary>Elements below this value count as beyond the bounds.</summary>
    public double? LowerBound { get; init; }

    /// <summary>Elements above this value count as beyond the bounds.</summary>
    public double? UpperBound { get; init; }

    /// <summary>
    /// Dimension whose indices are units: the last for <c>[N, F]</c> and <c>[N, T, F]</c>, 1 for convolutions <c>[N, C, …]</c>.
    /// Negative values count from the end; null counts nothing per unit.
    /// </summary>
    public int? UnitDimension { get; init; }

    /// <summary>When a position of a unit is active. Needs <see cref="UnitDimension"/>.</summary>
    public UnitActivityRule Activity { get; init; }

    /// <summary>Threshold of <see cref="Activity"/>.</summary>
    public double ActivityThreshold { get; init; }

    /// <summary>
    /// Read every k-th row; 0 and 1 read them all. A row is all that shares one index of the dimensions before the units (of the slowest dimension where
    /// no unit is asked for); a tensor with a single row is read whole.
    /// </summary>
    public int RowStride { get; init; }

    /// <summary>
    /// Elements that are enough: of a tensor with more, every k-th row is read, k as large as leaves about that many and
    /// <see cref="LeastRows"/> rows; 0 for all of them. Takes the place of <see cref="RowStride"/>.
    /// </summary>
    public long Enough { get; init; }

    /// <summary>
    /// Elements that are enough in host memory where neither units nor bounds are asked for: a tensor with four times as many is read in short blocks from all
    /// over it, so that every sample and every feature has its part, and in more of them, up to all of it, where nearly all of these are zero; 0 for rows, as above.
    /// </summary>
    public long EnoughInBlocks { get; init; }

    /// <summary>
    /// Positions of each unit that are enough where there are <see cref="Enough"/> elements; 0 for no such limit. In host memory, where a unit has many neighbouring elements, as a channel of an image has,
    /// a short run of them is read in some rows, at another place in each.
    /// </summary>
    public long EnoughPositions { get; init; }

    /// <summary>
    /// First row to read, taken modulo the stride. Letting it run with the step visits every row in turn, so that the average over
    /// a cycle of k reads is the average over all rows.
    /// </summary>
    public long RowOffset { get; init; }

    /// <summary><see cref="RowOffset"/> modulo a number of places, 0 and up.</summary>
    public long OffsetWithin(long places) => ((RowOffset % places) + places) % places;

    /// <summary>True when either bound is set.</summary>
    public bool HasBounds => LowerBound is not null || UpperBound is not null;

    /// <summary>Rows read at least where <see cref="Enough"/> limits them: rows are samples or positions, which differ more than the elements of one.</summary>
    public const int LeastRows = 16;

    /// <summary>Times the elements that are enough from which blocks are read sooner than all in a row.</summary>
    private const int LeastRatioOfBlocks = 4;

    /// <summary>Rows in which runs are read, at least.</summary>
    private const int LeastRowsOfRuns = 4;

    /// <summary>Length of a run, where there are rows enough.</summary>
    private const int UsualRun = 64;

    /// <summary>
    /// k of the rows to read. Each reading meets time steps from all over a sequence: those of a few may be all padding.
    /// </summary>
    public long StrideOver(TensorLayout layout)
    {
        if (Enough == 0)
            return Math.Clamp(RowStride, 1, layout.Rows);
        if (layout.Rows * layout.RowLength < Enough)
            return 1;
        var byPositions = EnoughPositions > 0 && layout.Units > 1 ? layout.Rows * layout.Inner / EnoughPositions : 1;
        var stride = Math.Max(1, Math.Min(Math.Max(layout.Rows * layout.RowLength / Enough, byPositions), layout.Rows / LeastRows));
        while (!MeetsAll(stride, layout))
            stride--;
        return stride;
    }

    /// <summary>True where every k-th row comes round the rows of a sample at least once, and does not meet the same ones again and again: k and their number have no factor in common.</summary>
    private static bool MeetsAll(long stride, TensorLayout layout)
    {
        var step = Math.Min(stride % layout.Period, layout.Period - (stride % layout.Period));
        return layout.Period == 1 || (layout.Rows / stride * step >= layout.Period && CommonDivisor(stride, layout.Period) == 1);
    }

    private static long CommonDivisor(long one, long other)
    {
        while (other != 0)
            (one, other) = (other, one % other);
        return one;
    }

    /// <summary>Rows to read a run of each unit in.</summary>
    public long RowsOfRuns(TensorLayout layout) => Math.Min(layout.Rows, Math.Max(LeastRowsOfRuns, EnoughPositions / UsualRun));

    /// <summary>True where short blocks stand for so many elements of one unit: those cost three times as much by element as all in a row.</summary>
    public bool TakesBlocks(long elements) => EnoughInBlocks > 0 && !HasBounds && elements >= LeastRatioOfBlocks * EnoughInBlocks;

    /// <summary>True where a part of so many elements of one unit is read, row by row.</summary>
    public bool NeedsRows(long elements) => !TakesBlocks(elements) && (Enough > 0 ? elements >= 2 * Enough : RowStride > 1);

    /// <summary>Counts elements with <c>|x| &gt; bound</c>.</summary>
    public StatisticsRequest WithBound(double bound) => this with { LowerBound = -bound, UpperBound = bound };
}
