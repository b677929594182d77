using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// Gradient norms that are known from parts, and stand still: some readings of whole gradients are worth their cost then, since an undeclared clipping ends all of them at one limit, to
/// its last digits. A run that is only steady is asked for them ever more rarely.
/// </summary>
internal sealed class SteadyNorm
{
    /// <summary>Largest over smallest up to which norms stand still. Blocks tell each of them within 5% (<see cref="Capture.PartSize.Thorough"/>); gradients of different batches differ by more.</summary>
    public const double Spread = 1.15;

    /// <summary>Norms in a row at first, and norms of whole gradients that tell whether they end at one number.</summary>
    public const int FewestReadings = 8;

    /// <summary>Times as many after each time that whole gradients were asked for and told.</summary>
    public const int Patience = 4;

    private double _smallest = double.PositiveInfinity;
    private double _largest;
    private long _inARow;
    private long _needed = FewestReadings;

    /// <summary>True while whole gradients are wanted.</summary>
    public bool IsWanted => _inARow >= _needed;

    /// <summary>Takes a norm that is known from parts.</summary>
    public void Add(double norm)
    {
        (_smallest, _largest) = (Math.Min(_smallest, norm), Math.Max(_largest, norm));
        _inARow++;
        if (_largest > Spread * _smallest)
            (_smallest, _largest, _inARow) = (norm, norm, 1);
    }

    /// <summary>Whole gradients have told, one way or the other.</summary>
    public void Settle()
    {
        if (!IsWanted)
            return;
        _needed *= Patience;
        (_smallest, _largest, _inARow) = (double.PositiveInfinity, 0, 0);
    }

    /// <summary>Saves or restores what was seen.</summary>
    public void Persist(StateArchive archive)
    {
        _smallest = archive.Value(_smallest);
        _largest = archive.Value(_largest);
        _inARow = archive.Value(_inARow);
        _needed = archive.Value(_needed);
    }
}
