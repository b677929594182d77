namespace GradGuard.Analyzers.Signal;

/// <summary>A function's value and slope at a point, so that a chain of element-wise operations carries its exact derivative.</summary>
internal readonly record struct Dual(double Value, double Slope)
{
    public static Dual operator +(Dual left, Dual right) => new(left.Value + right.Value, left.Slope + right.Slope);

    public static Dual operator *(Dual left, Dual right) => new(left.Value * right.Value, (left.Slope * right.Value) + (left.Value * right.Slope));

    public static Dual operator /(Dual left, Dual right) =>
        new(left.Value / right.Value, ((left.Slope * right.Value) - (left.Value * right.Slope)) / (right.Value * right.Value));

    public Dual Affine(double factor, double offset) => new((Value * factor) + offset, Slope * factor);

    /// <summary>This value put through an outer function, by the chain rule.</summary>
    public Dual Through(Func<double, Dual> outer)
    {
        var result = outer(Value);
        return new(result.Value, result.Slope == 0 ? 0 : result.Slope * Slope);
    }
}
