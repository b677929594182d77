namespace GradGuard.Analyzers.Signal;

/// <summary>
/// softmax(Q·Kᵀ/√d)·V in the wide limit (Hron et al. 2020, "Infinite attention"): scores are Gaussian with variance E[q²]·(E[k²] − E[k·k*]), since what
/// all keys have in common moves every score alike. The result is a mean over the keys in which the value of one position weighs Σp² and two positions the
/// rest; two queries share Σp·p′, between 1/n for unlike ones and Σp² for equal ones.
/// </summary>
internal sealed class AttentionCore
{
    private readonly Moments _query;
    private readonly Moments _key;
    private readonly Moments _value;
    private readonly double _queries;
    private readonly double _keys;
    private readonly double _maskSquare;
    private readonly TypicalSoftmax _softmax;
    private readonly double _shared;

    /// <param name="query">Moments of the queries; one head or several, all alike.</param>
    /// <param name="key">Moments of the keys.</param>
    /// <param name="value">Moments of the values.</param>
    /// <param name="queries">Number of queries in a sequence.</param>
    /// <param name="keys">Number of keys and values in a sequence.</param>
    /// <param name="dropout">Probability of dropping an attention weight, under 1.</param>
    public AttentionCore(Moments query, Moments key, Moments value, double queries, double keys, double dropout)
    {
        (_query, _key, _value, _queries, _keys, _maskSquare) = (query, key, value, queries, keys, 1 / (1 - dropout));
        _softmax = TypicalSoftmax.Of(Math.Sqrt(query.Square * Spread(key)), keys, SoftmaxPropagation.MaxQuantiles);
        var alike = query.Square > 0 ? Math.Max(0, query.AcrossPositions / query.Square) : 1;
        _shared = Math.Pow(keys * _softmax.SquareSum, alike) / keys;
    }

    public Moments Result => new(
        _value.Mean,
        Mix(_value.Square, _value.AcrossPositions, _softmax.SquareSum) + ((_maskSquare - 1) * _softmax.SquareSum * _value.Square),
        _value.AcrossSamples,
        Mix(_value.AcrossUnits, _value.AcrossBoth, _softmax.SquareSum),
        _value.AcrossBoth)
    {
        PositionExcess = Mix(_value.Square, _value.AcrossPositions, _shared) - _value.AcrossSamples,
    };

    /// <summary>The gradients at queries, keys and values for one at the result. Those through the softmax fall with the square of the values' spread.</summary>
    public (Moments Query, Moments Key, Moments Value) Backward(Moments gradient)
    {
        var (own, other) = (gradient.Square, (_queries - 1) * gradient.AcrossPositions);
        var perKey = _queries / _keys;
        var twoSamples = perKey * perKey * gradient.AcrossSamples;
        var pairs = Math.Max(1, _keys - 1);
        var value = new Moments(0, perKey * ((_softmax.SquareSum * _maskSquare * own) + (_shared * other)), twoSamples, 0, 0)
        {
            PositionExcess = (perKey / pairs * (((1 - _softmax.SquareSum) * own) + ((1 - _shared) * other))) - twoSamples,
        };

        // Scores of one query sum to no gradient at all, so only what differs between keys reaches it.
        var scores = _softmax.Jacobian * Spread(_value);
        var alike = _shared / _softmax.SquareSum;
        var query = new Moments(0, scores * own * Spread(_key), 0, 0, 0) { PositionExcess = scores * alike * gradient.AcrossPositions * Spread(_key) };
        var key = new Moments(0, perKey * scores * ((own * _query.Square) + (other * alike * _query.AcrossPositions)), 0, 0, 0);
        return (query, key, value);
    }

    /// <summary>Variance of a unit over the positions of one sample.</summary>
    private static double Spread(Moments x) => Math.Max(0, x.Square - x.AcrossPositions);

    private static double Mix(double same, double other, double share) => (same * share) + (other * (1 - share));
}
