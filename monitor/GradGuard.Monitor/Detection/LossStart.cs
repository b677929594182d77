using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>How far above a guess a run starts, where the first loss and the gradient it sends into the last layer give the loss function away.</summary>
internal static class LossStart
{
    /// <summary>Rounding of the largest gradient.</summary>
    private const double Bound = 1.001;

    /// <summary>Times the norm that a mean squared error sends.</summary>
    private const double SquaresTolerance = 1.02;

    /// <summary>RMS of an output beyond what layers of usual scale make of a normalised input: a smaller one may be as large as its targets.</summary>
    public const double LargeOutput = 3;

    /// <summary>The most that is said of a squared error.</summary>
    private const double MostOverGuess = 100;

    /// <summary>
    /// Loss over that of a model that only guesses. Cross-entropy over N rows of K classes sends gradients that sum to zero in each row and
    /// are 1/N at most, and a guess loses ln K; a binary one over N·K outputs sends 1/(N·K) at most, ln 2. A mean squared error of E sends a
    /// norm of 2·√(E/(N·K)); answering zero would lose what the square of the output's RMS leaves of it, as an output that has learned nothing
    /// does not vary with the targets.
    /// </summary>
    /// <returns>Null where the step was not read, the last layer ran more than once, the loss is of no such kind, or a squared error's output is not large.</returns>
    public static double? OverGuess(StepRecord record)
    {
        if (LastLayer.Of(record) is not { Units: var units, Output: var output, Gradient: var gradient } last)
            return null;
        var loss = record.Loss!.Value;
        var expected = 2 * Math.Sqrt(loss / output.Count);
        if (gradient.Norm < expected * SquaresTolerance && expected < gradient.Norm * SquaresTolerance)
            return output.Rms >= LargeOutput ? loss / Math.Max(loss - (output.Rms * output.Rms), loss / MostOverGuess) : null;

        var largest = Math.Max(gradient.Max, -gradient.Min);
        if (last.SumsToZero)
            return largest * last.Rows <= Bound ? loss / Math.Log(units) : null;
        return largest * output.Count <= Bound ? loss / Math.Log(2) : null;
    }
}
