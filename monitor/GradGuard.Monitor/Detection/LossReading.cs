using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// How much of the loss of a model that knows nothing is left, where the loss function gives itself away by its gradient. A flat loss
/// alone says nothing: a converged or well-tuned model has one too.
/// </summary>
/// <param name="Left">
/// Loss over that of guessing, 1 for a model that knows nothing: exact for cross-entropy, whose guess loses ln K, and binary
/// cross-entropy (ln 2); for the mean squared error a lower bound, from how little the output varies beside its error.
/// </param>
/// <param name="IsSquaredError">True for the mean squared error.</param>
internal readonly record struct LossReading(double Left, bool IsSquaredError)
{
    /// <summary>Share of a guess's cross-entropy from which nothing was learned.</summary>
    private const double NothingOfEntropy = 0.97;

    /// <summary>The same for the squared error: an output whose standard deviation is under a tenth of the error explains under 18% of the targets.</summary>
    private const double NothingOfSquares = 0.82;

    private const double LittleOfEntropy = 0.9;

    /// <summary>An output whose standard deviation is half of the error explains at most 56% of the targets.</summary>
    private const double LittleOfSquares = 0.44;

    /// <summary>The gradient's norm by logits that are not quite uniform differs from the uniform one by less than this factor.</summary>
    private const double EntropyTolerance = 1.6;

    private const double SquaresTolerance = 1.02;

    /// <summary>A classifier whose loss is under three quarters of a guess's falls out of this.</summary>
    private const double GuessTolerance = 1.2;

    /// <summary>True when the model does no better than a guess.</summary>
    public bool KnowsNothing => Left >= (IsSquaredError ? NothingOfSquares : NothingOfEntropy);

    /// <summary>True when the model does little better than a guess.</summary>
    public bool KnowsLittle => Left >= (IsSquaredError ? LittleOfSquares : LittleOfEntropy);

    /// <summary>
    /// Reads the loss by the gradient that it sends into the last layer's N·K outputs: for a mean cross-entropy over N rows of K
    /// equally likely classes √((1 − 1/K)/N), for a mean binary one ½/√(N·K), for a mean squared error exactly 2·√(loss/(N·K)).
    /// </summary>
    /// <returns>Null where the loss is of no such kind.</returns>
    public static LossReading? Of(LastLayer last, double loss)
    {
        var (units, rows, output, norm) = (last.Units, last.Rows, last.Output, last.Gradient.Norm);
        if (Fits(norm, 2 * Math.Sqrt(loss / output.Count), SquaresTolerance))
            return OfSquares(output, loss);
        if (units > 1 && Fits(norm, Math.Sqrt((1 - (1.0 / units)) / rows), EntropyTolerance))
            return new LossReading(loss / Math.Log(units), IsSquaredError: false);
        return !last.SumsToZero && Fits(norm, 0.5 / Math.Sqrt(output.Count), EntropyTolerance) ? new LossReading(loss / Math.Log(2), IsSquaredError: false) : null;
    }

    /// <summary>The factor that a mean squared error would have been multiplied by, if the loss is one: n·‖g‖²/(4·loss) over n outputs.</summary>
    public static double SquaredErrorFactor(LastLayer last, double loss) => last.Output.Count * last.Gradient.Norm * last.Gradient.Norm / (4 * loss);

    /// <summary>The reading of a loss that is known to be a mean squared error times a factor.</summary>
    public static LossReading OfSquaredError(LastLayer last, double loss, double factor) => OfSquares(last.Output, loss / factor);

    /// <summary>
    /// True when loss and gradient stand to each other as those of a classifier that only guesses, whatever factor is on both. Weaker than
    /// <see cref="Of"/>, as other losses may stand so by chance: good for a witness beside others.
    /// </summary>
    public static bool StandsLikeAGuess(StepRecord record)
    {
        if (LastLayer.Of(record) is not { Units: var units, Rows: var rows, Gradient.Norm: var norm })
            return false;
        var guess = units > 1 ? Math.Log(units) / Math.Sqrt((1 - (1.0 / units)) / rows) : Math.Log(2) / (0.5 / Math.Sqrt(rows));
        return Fits(record.Loss!.Value / norm, guess, GuessTolerance);
    }

    private static LossReading OfSquares(TensorFigures output, double error)
    {
        var spread = Math.Sqrt(Math.Max(0, (output.Rms * output.Rms) - (output.Mean * output.Mean)));
        return new LossReading(1 / Math.Pow(1 + (spread / Math.Sqrt(error)), 2), IsSquaredError: true);
    }

    private static bool Fits(double norm, double expected, double tolerance) => norm < expected * tolerance && expected < norm * tolerance;
}
