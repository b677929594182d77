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
    /// <returns>Null where the step was not read, the last layer ran more than once, or the loss is of no such kind.</returns>
    public static LossReading? Of(StepRecord record)
    {
        if (record.Loss is not (> 0 and < double.PositiveInfinity) || !record.Sampled)
            return null;
        var last = record.Layers.LastOrDefault(static layer => layer is { IsFinal: true, Layer.HasWeights: true });
        if (last is not { Calls: 1, Layer.Units: { } units, Output: { NonFinite: 0 } output, Gradient: { NonFinite: 0, Norm: > 0 } gradient })
            return null;

        var loss = record.Loss.Value;
        var rows = (double)output.Count / units;
        if (Fits(gradient.Norm, 2 * Math.Sqrt(loss / output.Count), SquaresTolerance))
        {
            var spread = Math.Sqrt(Math.Max(0, (output.Rms * output.Rms) - (output.Mean * output.Mean)));
            return new LossReading(1 / Math.Pow(1 + (spread / Math.Sqrt(loss)), 2), IsSquaredError: true);
        }

        if (units > 1 && Fits(gradient.Norm, Math.Sqrt((1 - (1.0 / units)) / rows), EntropyTolerance))
            return new LossReading(loss / Math.Log(units), IsSquaredError: false);
        if (Fits(gradient.Norm, 0.5 / Math.Sqrt(output.Count), EntropyTolerance))
            return new LossReading(loss / Math.Log(2), IsSquaredError: false);
        return null;
    }

    /// <summary>
    /// True when loss and gradient stand to each other as those of a classifier that only guesses, whatever factor is on both. Weaker than
    /// <see cref="Of"/>, as other losses may stand so by chance: good for a witness beside others.
    /// </summary>
    public static bool StandsLikeAGuess(StepRecord record)
    {
        var last = record.Layers.LastOrDefault(static layer => layer is { IsFinal: true, Layer.HasWeights: true });
        if (record is not { Sampled: true, Loss: > 0 and < double.PositiveInfinity }
            || last is not { Calls: 1, Layer.Units: { } units, Output: { NonFinite: 0 } output, Gradient: { NonFinite: 0, Norm: > 0 } gradient })
            return false;
        var rows = (double)output.Count / units;
        var guess = units > 1 ? Math.Log(units) / Math.Sqrt((1 - (1.0 / units)) / rows) : Math.Log(2) / (0.5 / Math.Sqrt(rows));
        return Fits(record.Loss.Value / gradient.Norm, guess, GuessTolerance);
    }

    private static bool Fits(double norm, double expected, double tolerance) => norm < expected * tolerance && expected < norm * tolerance;
}
