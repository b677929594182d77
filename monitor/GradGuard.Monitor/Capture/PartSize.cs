using GradGuard.Monitor.Statistics;

namespace GradGuard.Monitor.Capture;

/// <summary>How much of a large tensor stands for all of it, past the start.</summary>
/// <param name="Activation">Elements where units or saturation are counted.</param>
/// <param name="Positions">Positions of a unit there.</param>
/// <param name="Output">Elements of another output, or of a gradient, in blocks.</param>
internal sealed record PartSize(long Activation, long Positions, long Output)
{
    /// <summary>
    /// Half a megabyte of an activation, which the caches hold: shares are known within 0.2%. Of another tensor 512 blocks: a size whose squares vary from block to block by twice
    /// their mean is known within 5%.
    /// </summary>
    public static readonly PartSize Thorough = new(128 * 1024, 1024, 8 * 1024);

    /// <summary>
    /// Where every step is read, between two thorough readings. Each unit is seen at 16 positions at least, so that the 500 that dead units must have been seen at take 32 readings at most.
    /// Of other tensors 32 blocks: a size as above is known within 18%, one of elements that vary by their own size within 5%.
    /// </summary>
    public static readonly PartSize Frugal = new(8 * 1024, 32, 512);

    /// <summary>The request for such a part of an output, or of the gradient by one.</summary>
    /// <param name="request">What to count.</param>
    /// <param name="reading">Number of the reading: each takes another part.</param>
    public StatisticsRequest OfOutput(in StatisticsRequest request, long reading)
        => request with { Enough = Activation, EnoughPositions = Positions, EnoughInBlocks = Output, RowOffset = reading };

    /// <summary>The request for such a part of the gradient by a parameter.</summary>
    /// <param name="reading">As above.</param>
    public StatisticsRequest OfGradient(long reading) => new() { EnoughInBlocks = Output, RowOffset = reading };
}
