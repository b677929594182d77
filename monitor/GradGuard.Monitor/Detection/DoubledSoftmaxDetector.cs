using GradGuard.Monitor.Recording;
using static GradGuard.Monitor.Detection.Numbers;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// GG9008, its cause known: a cross-entropy that is given probabilities where it wants logits. Its softmax takes them for logits between 0
/// and 1, so that the loss cannot fall under ln(1 + (K − 1)/e), and hardly any gradient gets back.
/// </summary>
/// <remarks>
/// Two witnesses, both by the gradient g that reaches the last layer's N rows of K outputs. First, while the outputs are nearly alike the
/// loss is ln K, as it should be, but g is 1/K of a cross-entropy's √((1 − 1/K)/N): the Jacobian of a uniform softmax is (I − 11ᵀ/K)/K.
/// A temperature of K or a loss divided by K does that as well, so the second must rule out any cross-entropy times a constant: of row
/// losses Lᵢ = −ln(1 − uᵢ) the gradient is uᵢ at its label, so that their mean and the largest uᵢ say how small g can be.
/// </remarks>
internal sealed class DoubledSoftmaxDetector : IDetector
{
    /// <summary>Readings near a guess, at most, that the gradient's factor is taken from; one is enough, as no update has touched the first.</summary>
    public const int EarlyReadings = 5;

    /// <summary>How far loss and gradient there may be from ln K and 1/K: outputs are nearly alike, not quite.</summary>
    public const double EarlyTolerance = 1.25;

    /// <summary>Readings whose gradient no cross-entropy has.</summary>
    public const int LateReadings = 3;

    /// <summary>Least and largest factor on a cross-entropy, over the gradient of the early readings, that could have made those.</summary>
    private const double LeastFactor = 0.8, LargestFactor = 1.4;

    /// <summary>Of a mean loss in float32.</summary>
    private const double Rounding = 1e-5;

    private readonly List<double> _early = [];
    private bool _hasLeft;
    private bool _refuted;
    private int _late;

    /// <inheritdoc/>
    public bool IsSuspicious => !_refuted && _late is > 0 and < LateReadings;

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
    {
        if (_refuted || record is not { HasEverything: true, IsFinite: true } || LastLayer.Of(record) is not { Units: > 1 } last)
            yield break;
        var (loss, guess) = (record.Loss!.Value, Math.Log(last.Units));
        var floor = Math.Log(1 + ((last.Units - 1) / Math.E));
        var ratio = last.Gradient.Norm / Math.Sqrt((1 - (1.0 / last.Units)) / last.Rows);
        _hasLeft |= _early.Count == EarlyReadings || !IsWithin(loss / guess) || !IsWithin(ratio * last.Units);
        _refuted = loss < floor * (1 - Rounding) || (_hasLeft && _early.Count == 0);
        if (!_hasLeft)
            _early.Add(ratio);
        else if (!_refuted && IsNoCrossEntropy(last, loss))
            _late++;
        if (_late < LateReadings || _refuted)
            yield break;
        yield return new Finding("GG9008", AlertSeverity.Warning, "",
            $"the loss, {Short(loss)}, cannot fall under {Short(floor)}: what reaches the cross-entropy are probabilities, not logits, and the gradient by '{last.Path}' shrinks to {Percent(ratio)} of a guess's while the loss stays up",
            "Remove the softmax before cross_entropy, which takes logits and applies log_softmax itself; or give log-probabilities to nll_loss.",
            new Dictionary<string, double> { ["loss"] = loss, ["floor"] = floor, ["classes"] = last.Units, ["gradientOverGuess"] = ratio });
    }

    /// <inheritdoc/>
    public void Persist(StateArchive archive)
    {
        archive.Items(_early, archive.Value);
        _hasLeft = archive.Value(_hasLeft);
        _refuted = archive.Value(_refuted);
        _late = archive.Value(_late);
    }

    /// <summary>
    /// Least root mean square of uᵢ = 1 − e^(−Lᵢ) over rows whose Lᵢ have a mean and a largest value: the lower convex envelope of
    /// (1 − e^(−L))², which bends up to ln 2 and down from there.
    /// </summary>
    /// <param name="mean">Mean of the Lᵢ: the loss.</param>
    /// <param name="largest">Largest of them.</param>
    /// <returns>Infinity where the mean is over the largest: there are no such rows.</returns>
    internal static double LeastGradient(double mean, double largest)
    {
        if (mean > largest)
            return double.PositiveInfinity;
        var least = Squared(mean);
        const int Points = 64;
        for (var point = 0; point < Points; point++)
        {
            var from = mean * point / Points;
            var share = (mean - from) / (largest - from);
            least = Math.Min(least, ((1 - share) * Squared(from)) + (share * Squared(largest)));
        }

        return Math.Sqrt(least);
    }

    /// <summary>
    /// True when the gradient is too small for a cross-entropy of that loss, whatever constant factor fits the early readings. The smallest
    /// such factor asks for least, but it cannot be under the largest uᵢ's gradient; and no Lᵢ is over what the widest logits give.
    /// </summary>
    private bool IsNoCrossEntropy(LastLayer last, double loss)
    {
        var early = RobustWindow.MedianOf([.. _early]);
        var largest = -last.Gradient.Min * last.Rows;
        var factor = Math.Max(early * LeastFactor, largest);
        var widest = last.Output.Max - last.Output.Min + Math.Log(last.Units);
        return factor > early * LargestFactor
            || last.Gradient.Norm * Math.Sqrt(last.Rows) < factor * LeastGradient(loss, Math.Min(-Math.Log(1 - (largest / factor)), widest));
    }

    private static double Squared(double loss) => Math.Pow(1 - Math.Exp(-loss), 2);

    private static bool IsWithin(double factor) => factor is > 1 / EarlyTolerance and < EarlyTolerance;
}
