using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// Reads a loss by its gradient, over a run: besides what one step tells (<see cref="LossReading"/>), a squared error that carries a factor.
/// </summary>
/// <remarks>
/// A mean squared error of E over n outputs, times a factor f, is a loss of L = f·E and sends a gradient of norm 2·f·√(E/n), so that
/// f = n·‖g‖²/(4·L). Only of a squared error does this stay the same while the loss moves: that makes sure of both.
/// </remarks>
internal sealed class LossGauge
{
    /// <summary>Readings that must agree.</summary>
    public const int Readings = 8;

    /// <summary>Largest over smallest factor of those readings: rounding.</summary>
    private const double SameFactor = 1.01;

    /// <summary>Largest over smallest loss of those readings, at least: of a loss that stands still every factor is the same.</summary>
    private const double LossMoved = 1.1;

    private readonly Queue<(double Loss, double Factor)> _recent = new(Readings);

    /// <summary>Takes the next record.</summary>
    /// <returns>Null where it was not read, or the loss is of no known kind.</returns>
    public LossReading? Take(StepRecord record)
    {
        if (LastLayer.Of(record) is not { } last)
            return null;
        var loss = record.Loss!.Value;
        if (_recent.Count == Readings)
            _recent.Dequeue();
        _recent.Enqueue((loss, LossReading.SquaredErrorFactor(last, loss)));
        return LossReading.Of(last, loss) ?? (IsSquaredError() ? LossReading.OfSquaredError(last, loss, _recent.Average(static read => read.Factor)) : null);
    }

    /// <summary>Saves or restores the last readings.</summary>
    public void Persist(StateArchive archive) => archive.Items(_recent, read => (archive.Value(read.Loss), archive.Value(read.Factor)));

    private bool IsSquaredError()
    {
        if (_recent.Count < Readings)
            return false;
        var (least, largest) = (_recent.Peek(), _recent.Peek());
        foreach (var (loss, factor) in _recent)
        {
            least = (Math.Min(least.Loss, loss), Math.Min(least.Factor, factor));
            largest = (Math.Max(largest.Loss, loss), Math.Max(largest.Factor, factor));
        }

        return largest.Factor < SameFactor * least.Factor && largest.Loss > LossMoved * least.Loss;
    }
}
