namespace GradGuard.Analyzers.Signal;

/// <summary>
/// A chain of element-wise operations as one function of the Gaussian value it starts from, with its derivative. Keeping the chain whole
/// makes <c>x * sigmoid(x)</c>, <c>1 / (1 + exp(-x))</c> or <c>x + relu(x)</c> exact, where treating each step alone would
/// take correlated values for independent ones.
/// </summary>
internal sealed class PointwiseFunction
{
    /// <summary>Standard deviations within which a sign is looked for: all but 1e-9 of the mass.</summary>
    private const double SignRange = 6;

    private const double SignStep = 0.05;

    private readonly (double Factor, double Offset)? _affine;

    private PointwiseFunction(Func<double, Dual> evaluate, double[] breakpoints, (double, double)? affine)
    {
        Evaluate = evaluate;
        Breakpoints = breakpoints;
        _affine = affine;
    }

    public static PointwiseFunction Identity { get; } = new(x => new(x, 1), [], (1, 0));

    public Func<double, Dual> Evaluate { get; }

    /// <summary>Where the function bends, in units of its argument.</summary>
    public double[] Breakpoints { get; }

    /// <summary>True for factor·x + offset, which keeps a Gaussian Gaussian.</summary>
    public bool IsAffine => _affine is not null;

    public PointwiseFunction Scale(double factor, double offset)
    {
        var inner = Evaluate;
        (double, double)? affine = _affine is { } a ? (a.Factor * factor, (a.Offset * factor) + offset) : null;
        return new(x => inner(x).Affine(factor, offset), Breakpoints, affine);
    }

    /// <summary>True when the function is positive or negative throughout, for a Gaussian argument of the given moments.</summary>
    public bool KeepsSign(Moments argument)
    {
        var first = Math.Sign(Evaluate(argument.Mean).Value);
        for (var u = -SignRange; u <= SignRange; u += SignStep)
            if (Math.Sign(Evaluate(argument.Mean + (argument.Std * u)).Value) != first)
                return false;
        return first != 0;
    }

    /// <summary>This function, then <paramref name="outer"/>, which bends at <paramref name="breakpoints"/> of its own argument.</summary>
    public PointwiseFunction Then(Func<double, Dual> outer, IReadOnlyList<double> breakpoints)
    {
        var inner = Evaluate;
        var (factor, offset) = _affine ?? (1, 0);
        var own = factor == 0 ? [] : breakpoints.Select(b => (b - offset) / factor);
        return new(x => inner(x).Through(outer), [.. Breakpoints, .. own], null);
    }

    /// <summary>Two functions of the same argument, joined value by value.</summary>
    public PointwiseFunction Join(PointwiseFunction other, Func<Dual, Dual, Dual> join)
    {
        var (left, right) = (Evaluate, other.Evaluate);
        return new(x => join(left(x), right(x)), [.. Breakpoints, .. other.Breakpoints], null);
    }
}
