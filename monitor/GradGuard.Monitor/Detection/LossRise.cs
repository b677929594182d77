using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>How far a positive loss stands above where it began.</summary>
internal sealed class LossRise(int blockSteps)
{
    private readonly LossBlocks _blocks = new(blockSteps, 2);
    private double _first = double.NaN;

    /// <summary>The lower mean of the last two blocks over the first loss, which no update has touched; 0 before there are two.</summary>
    public double Factor => _blocks.Complete is [var first, var second] ? Math.Min(first.Mean, second.Mean) / _first : 0;

    /// <summary>Takes the loss of the next step; one that is not positive has no scale and is left out.</summary>
    public void Add(double? loss)
    {
        if (loss is not (> 0 and < double.PositiveInfinity))
            return;
        if (double.IsNaN(_first))
            _first = loss.Value;
        _blocks.Add(loss.Value);
    }

    /// <summary>Saves or restores the loss so far.</summary>
    public void Persist(StateArchive archive)
    {
        _first = archive.Value(_first);
        _blocks.Persist(archive);
    }
}
