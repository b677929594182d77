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

    /// <summary>Neighbouring elements that are read together where blocks stand for a tensor.</summary>
    private const int BlockElements = 256;

    /// <summary>Times the elements that are enough from which blocks are read sooner than all in a row: they cost three times as much by element.</summary>
    private const int LeastRatio = 4;

    /// <summary>Fractional part of the golden ratio, whose multiples fill (0, 1) evenly (Weyl's theorem).</summary>
    public const double GoldenStep = 0.618_033_988_749_894_9;

    /// <summary>Plans a read of the rows that a request asks for.</summary>
    public RowPlan(TensorLayout layout, in StatisticsRequest request)
    {
        Elements = layout.Rows * layout.RowLength;
        var stride = request.StrideOver(layout.Rows, Elements);
        Units = layout.Units;
        if (Units == 1 && request is { EnoughInBlocks: > 0, HasBounds: false } && Elements >= LeastRatio * request.EnoughInBlocks)
        {
            // Blocks lie a little closer than equal parts of the tensor: at the same distance as its rows they would meet the same columns each time.
            Inner = BlockElements;
            Count = Math.Max(1, request.EnoughInBlocks / BlockElements);
            Pitch = Elements / Count;
            Pitch -= Pitch / Count;
            SampledElements = Count * Inner;
            var offset = request.RowOffset * GoldenStep;
            First = (long)((offset - Math.Floor(offset)) * (Elements - ((Count - 1) * Pitch) - Inner));
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
            var skipped = ((request.RowOffset % stride) + stride) % stride;
            First = skipped * layout.RowLength;
            Count = (layout.Rows - skipped + stride - 1) / stride;
            SampledElements = Count * layout.RowLength;
        }

        RowsPerChunk = Math.Max(1, ChunkElements / (Units * Inner));
        var chunks = (Count + RowsPerChunk - 1) / RowsPerChunk;
        Parts = (int)Math.Clamp(SampledElements / PartElements, 1, Math.Min(chunks, 64));
        RowsPerPart = (chunks + Parts - 1) / Parts * RowsPerChunk;
    }

    /// <summary>Elements of the tensor.</summary>
    public long Elements { get; }

    /// <summary>Elements that the plan reads.</summary>
    public long SampledElements { get; }

    /// <summary>Units in a row.</summary>
    public int Units { get; }

    /// <summary>Neighbouring elements of one unit in a row.</summary>
    public long Inner { get; }

    /// <summary>Element at which the first row begins.</summary>
    public long First { get; }

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

    /// <summary>Elements of a unit in the row at this element: the last row of a line may be short.</summary>
    public long InnerAt(long start) => Units == 1 ? Math.Min(Inner, Elements - start) : Inner;
}
