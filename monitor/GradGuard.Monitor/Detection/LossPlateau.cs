using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// Whether the loss stopped falling early and stayed: the mark of a model that learned its output bias and nothing else. A run
/// that converged after having learned for long is no such case.
/// </summary>
internal sealed class LossPlateau
{
    /// <summary>Steps averaged into one point, against the noise of batches.</summary>
    public const int BlockSteps = 20;

    /// <summary>A later point this far under an earlier one is progress.</summary>
    public const double Progress = 0.1;

    /// <summary>Points by which the plateau must have begun: 200 steps.</summary>
    public const int LatestStart = 10;

    /// <summary>Points it must have lasted.</summary>
    public const int ShortestLength = 3;

    private readonly List<double> _early = [];
    private double _lowestLater = double.PositiveInfinity;
    private double _sum;
    private int _inBlock;
    private int _blocks;
    private bool _judgeable = true;

    /// <summary>True when the loss stands on a plateau that began early; false also where the loss cannot tell.</summary>
    public bool IsStuck
    {
        get
        {
            if (!_judgeable)
                return false;
            for (var start = 0; start < _early.Count; start++)
            {
                var lasted = _blocks - 1 - start;
                if (lasted < Math.Max(ShortestLength, start))
                    return false;
                var lowest = _lowestLater;
                for (var later = start + 1; later < _early.Count; later++)
                    lowest = Math.Min(lowest, _early[later]);
                if (lowest > (1 - Progress) * _early[start])
                    return true;
            }

            return false;
        }
    }

    /// <summary>Takes the loss of the next step. A loss that is missing or not positive has no scale: nothing is said from then on.</summary>
    public void Add(double? loss)
    {
        if (loss is not (> 0 and < double.PositiveInfinity))
        {
            _judgeable = false;
            return;
        }

        _sum += loss.Value;
        if (++_inBlock < BlockSteps)
            return;
        var mean = _sum / BlockSteps;
        _blocks++;
        if (_early.Count <= LatestStart)
            _early.Add(mean);
        else
            _lowestLater = Math.Min(_lowestLater, mean);
        _sum = 0;
        _inBlock = 0;
    }

    /// <summary>Saves or restores the loss so far.</summary>
    public void Persist(StateArchive archive)
    {
        archive.Items(_early, archive.Value);
        _lowestLater = archive.Value(_lowestLater);
        _sum = archive.Value(_sum);
        _inBlock = archive.Value(_inBlock);
        _blocks = archive.Value(_blocks);
        _judgeable = archive.Value(_judgeable);
    }
}
