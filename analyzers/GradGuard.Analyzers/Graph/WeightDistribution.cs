namespace GradGuard.Analyzers.Graph;

/// <summary>
/// The law a tensor's values are drawn from when the program creates or initialises it, as written in the source: symbolic where it depends
/// on the fan-in (Xavier, Kaiming), since one initializer may serve many shapes. <c>Signal</c> turns it into a mean and a standard deviation.
/// </summary>
internal abstract record WeightDistribution
{
    private WeightDistribution()
    {
    }

    /// <summary>Every value is <paramref name="Value"/>: <c>zeros_</c>, <c>ones_</c>, <c>constant_</c>, <c>fill_</c>, <c>full</c>.</summary>
    public sealed record Constant(double Value) : WeightDistribution;

    /// <summary>Gaussian: <c>normal_</c>, <c>randn</c>.</summary>
    public sealed record Normal(double Mean, double Std) : WeightDistribution;

    /// <summary>Gaussian cut at absolute bounds: <c>trunc_normal_</c>.</summary>
    public sealed record TruncatedNormal(double Mean, double Std, double Low, double High) : WeightDistribution;

    /// <summary>Uniform on [Low, High): <c>uniform_</c>, <c>rand</c>.</summary>
    public sealed record Uniform(double Low, double High) : WeightDistribution;

    /// <summary>Glorot and Bengio (2010): variance gain²·2/(fan_in + fan_out), uniform or normal.</summary>
    public sealed record Xavier(double Gain, bool IsUniform) : WeightDistribution;

    /// <summary>He et al. (2015): variance gain²/fan. <paramref name="Gain"/> is that of the named non-linearity.</summary>
    public sealed record Kaiming(double Gain, bool FanOut, bool IsUniform) : WeightDistribution;

    /// <summary>Saxe et al. (2014): orthonormal rows or columns times <paramref name="Gain"/>.</summary>
    public sealed record Orthogonal(double Gain) : WeightDistribution;

    /// <summary>A share of each column is zero, the rest normal: <c>sparse_</c>.</summary>
    public sealed record Sparse(double Sparsity, double Std) : WeightDistribution;

    /// <summary>The identity matrix (<c>eye_</c>) or its convolutional form (<c>dirac_</c>).</summary>
    public sealed record Identity : WeightDistribution;

    /// <summary>Uniform on ±bound/√fan_in, bound from the layer's own default: Linear, Conv and the recurrent layers (there fan = hidden size).</summary>
    public sealed record FanInUniform(double Bound) : WeightDistribution;

    /// <summary>Another law with every value multiplied: <c>randn(…) * 10</c>, <c>weight.mul_(0.1)</c>.</summary>
    public sealed record Scaled(WeightDistribution Inner, double Factor) : WeightDistribution;

    /// <summary>Not understood, or not known at compile time.</summary>
    public sealed record Unknown : WeightDistribution
    {
        public static Unknown Instance { get; } = new();
    }
}
