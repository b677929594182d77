namespace GradGuard.Monitor.Statistics;

/// <summary>Which rows of a tensor a pass reads, and how it cuts them into chunks and parts.</summary>
/// <remarks>
/// The cut depends on the tensor alone, never on the number of threads, and parts are merged in order: the same tensor gives the
/// same bits on every machine with the same vector width.
/// </remarks>
internal readonly record struct RowPlan
{
    /// <summary>
    /// Elements between two looks at whether a sum is still finite: 128 KiB of float32, so that a second look finds them in the cache.
    /// </summary>
    private const int ChunkElements = 32 * 1024;

    /// <summary>A part worth handing to another thread: about 10 µs of reading against about 5 µs to start one.</summary>
    private const int PartElements = 128 * 1024;

    /// <summary>
    /// Neighbouring elements that are read together where blocks stand for a tensor: a line of the caches in float32. How exact they are depends on how many there are, what they cost on how many
    /// lines are fetched.
    /// </summary>
    public const int BlockElements = 16;

    /// <summary>
    /// Blocks that are not zero throughout and stand for a tensor whose others are: as many as nine tenths of <see cref="Capture.PartSize.Thorough"/> leave. A size whose squares vary from one to the next by
    /// twice their mean is known within 14%.
    /// </summary>
    public const int EnoughFilled = 51;

    /// <summary>Times the blocks that are read instead, at most, where too few are filled: where most are needed, to have read fewer first costs an eighth more.</summary>
    private const int CloserBy = 8;

    /// <summary>Times <see cref="EnoughFilled"/> that are aimed at, so that one closer look is enough nearly always: the filled blocks of the look before are few, and their number one of chance.</summary>
    private const double Aim = 1.5;

    /// <summary>Times the elements of a run from which it is read sooner than all of its unit's in a row.</summary>
    private const int LeastRunRatio = 3;

    /// <summary>Fractional part of the golden ratio, whose multiples fill (0, 1) evenly (Weyl's theorem).</summary>
    private const double GoldenStep = 0.618_033_988_749_894_9;

    private readonly long _firstPlace;
    private readonly long _places;
    private readonly int _grain = 1;

    /// <summary>Plans a read of the rows that a request asks for.</summary>
    public RowPlan(TensorLayout layout, in StatisticsRequest request)
    {
        Elements = layout.Rows * layout.RowLength;
        Represented = Elements;
        var stride = request.StrideOver(layout);
        Units = layout.Units;
        UnitPitch = layout.Inner;
        if (RunOf(layout, request) is > 0 and var run)
        {
            Inner = run;
            Count = request.RowsOfRuns(layout);
            var apart = layout.Rows / Count;
            Pitch = apart * layout.RowLength;
            First = request.OffsetWithin(layout.Rows - ((Count - 1) * apart)) * layout.RowLength;
            SampledElements = Count * Units * run;
            _firstPlace = request.RowOffset * Count;
            _places = layout.Inner - run + 1;
            _grain = layout.Inner % BlockElements == 0 ? BlockElements : 1;
        }
        else if (Units == 1 && request.TakesBlocks(Elements))
        {
            // A block lies at its own place within each equal part: at the same distance as the tensor's rows they would meet the same columns each time.
            Inner = BlockElements;
            Count = Math.Max(1, request.EnoughInBlocks / BlockElements);
            Pitch = Elements / Count;
            First = request.OffsetWithin((Elements % Count) + 1);
            SampledElements = Count * Inner;
            _firstPlace = request.RowOffset * Count;
            _places = Pitch - Inner + 1;
            _grain = BlockElements;
        }
        else if (stride == 1 && Units == 1)
        {
            // Nothing depends on rows: read the elements as one line, in rows of a chunk.
            Inner = ChunkElements;
            Pitch = Inner;
            Count = (Elements + Inner - 1) / Inner;
            SampledElements = Elements;
        }
        else
        {
            Inner = layout.Inner;
            Pitch = stride * layout.RowLength;
            var skipped = request.OffsetWithin(stride);
            First = skipped * layout.RowLength;
            Count = (layout.Rows - skipped + stride - 1) / stride;
            SampledElements = Count * layout.RowLength;
        }

        RowsPerChunk = HasRuns ? 1 : Math.Max(1, ChunkElements / (Units * Inner));
        var chunks = (Count + RowsPerChunk - 1) / RowsPerChunk;
        Parts = (int)Math.Clamp(SampledElements / PartElements, 1, Math.Min(chunks, 64));
        RowsPerPart = (chunks + Parts - 1) / Parts * RowsPerChunk;
    }

    /// <summary>Elements of the tensor.</summary>
    public long Elements { get; }

    /// <summary>Elements that those stand for, where they are copies of a part of another tensor.</summary>
    public long Represented { get; init; }

    /// <summary>Elements that the plan reads.</summary>
    public long SampledElements { get; }

    /// <summary>Units in a row.</summary>
    public int Units { get; }

    /// <summary>Neighbouring elements of one unit in a row.</summary>
    public long Inner { get; }

    /// <summary>Elements from the beginning of one unit in a row to that of the next; more than <see cref="Inner"/> where runs are read.</summary>
    public long UnitPitch { get; }

    /// <summary>True where a run of each unit is read, at its own place in each row.</summary>
    public bool HasRuns => _places > 0 && Units > 1;

    /// <summary>True where short blocks from all over the tensor stand for it: its rows are equal parts of it, with a block in each.</summary>
    public bool HasBlocks => _places > 0 && Units == 1;

    /// <summary>Elements from the beginning of one row to that of the next.</summary>
    public long Pitch { get; }

    /// <summary>Rows to read.</summary>
    public long Count { get; }

    /// <summary>Rows in one call of the kernel.</summary>
    public long RowsPerChunk { get; }

    /// <summary>Parts that threads may share out.</summary>
    public int Parts { get; }

    /// <summary>Rows in each part but the last.</summary>
    public long RowsPerPart { get; }

    /// <summary>
    /// True where nine tenths of the blocks are zero throughout, and those that are not are few: what is not zero lies in few places, such as one position of a sequence, and blocks may miss it.
    /// Zeros that are strewn over all blocks, as max pooling leaves, hide nothing.
    /// </summary>
    /// <param name="filled">Blocks that are not.</param>
    public bool IsMissedBy(long filled) => Count - filled >= TensorStatistics.SparseShare * Count && filled < EnoughFilled;

    /// <summary>A plan to read as many more blocks of the tensor as should leave enough that are filled, or all of it where it is too small for them.</summary>
    /// <param name="request">The request that this plan is for.</param>
    /// <param name="filled">Blocks of this plan that are not zero throughout.</param>
    public RowPlan Closer(in StatisticsRequest request, long filled)
    {
        var times = filled == 0 ? CloserBy : (long)Math.Clamp(Math.Ceiling(Aim * EnoughFilled / filled), 2, CloserBy);
        return new(new TensorLayout(1, 1, Elements), new() { EnoughInBlocks = times * Count * BlockElements, RowOffset = request.RowOffset });
    }

    /// <summary>Element at which a row begins, or the block or the first unit's run in it.</summary>
    public long StartOf(long row)
    {
        var start = First + (row * Pitch);
        if (_places > 0)
            start += Weyl(_firstPlace + row, _places);
        return start & -_grain; // A power of two.
    }

    /// <summary>Elements of a unit in the row at this element: the last row of a line may be short.</summary>
    public long InnerAt(long start) => Units == 1 ? Math.Min(Inner, Elements - start) : Inner;

    /// <summary>The n-th of a sequence of places in 0…<paramref name="count"/> - 1 that fills them evenly; the 0-th lies in the middle, since what lies at the beginning is often like nothing else, such as the row of a pad token.</summary>
    public static long Weyl(long n, long count)
    {
        var turns = (n * GoldenStep) + 0.5;
        return (long)((turns - Math.Floor(turns)) * count);
    }

    private long First { get; }

    /// <summary>Length of the runs that stand for the units; 0 where rows are read whole: a short run costs as much as three times its elements in a row.</summary>
    private static long RunOf(TensorLayout layout, in StatisticsRequest request)
    {
        if (request.EnoughPositions == 0 || layout.Units == 1 || layout.Rows * layout.RowLength < request.Enough)
            return 0;
        var run = Math.Max(BlockElements, request.EnoughPositions / request.RowsOfRuns(layout));
        return layout.Inner >= LeastRunRatio * run ? run : 0;
    }
}
