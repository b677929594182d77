using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>A loss in blocks of steps: the mean of each, and how far noise alone moves a mean.</summary>
internal sealed class LossBlocks(int steps, int capacity)
{
    private readonly List<Block> _blocks = new(capacity);
    private double _sum;
    private double _squares;
    private int _count;

    /// <summary>Blocks that are complete, oldest first; at most the capacity.</summary>
    public IReadOnlyList<Block> Complete => _blocks;

    /// <summary>Takes the loss of the next step.</summary>
    /// <returns>True when it completed a block.</returns>
    public bool Add(double loss)
    {
        _sum += loss;
        _squares += loss * loss;
        if (++_count < steps)
            return false;
        var mean = _sum / steps;
        if (_blocks.Count == capacity)
            _blocks.RemoveAt(0);
        _blocks.Add(new Block(mean, Math.Max(0, (_squares / steps) - (mean * mean)) / (steps - 1)));
        (_sum, _squares, _count) = (0, 0, 0);
        return true;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _blocks.Clear();
        (_sum, _squares, _count) = (0, 0, 0);
    }

    /// <summary>Saves or restores the blocks.</summary>
    public void Persist(StateArchive archive)
    {
        archive.Items(_blocks, block => new Block(archive.Value(block.Mean), archive.Value(block.Variance)));
        _sum = archive.Value(_sum);
        _squares = archive.Value(_squares);
        _count = archive.Value(_count);
    }

    /// <summary>A block's mean.</summary>
    /// <param name="Mean">Mean loss of its steps.</param>
    /// <param name="Variance">Of that mean, from the spread of the steps: their variance over their number.</param>
    internal readonly record struct Block(double Mean, double Variance);
}
