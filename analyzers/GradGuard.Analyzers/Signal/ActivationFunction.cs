using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Signal;

/// <summary>An element-wise activation: its value and derivative, where it bends, and where it saturates.</summary>
internal sealed class ActivationFunction
{
    /// <summary>RReLU draws its negative slope from U(1/8, 1/3); its mean stands for it.</summary>
    private const double RReluMeanSlope = 11.0 / 48;

    private const double SeluScale = 1.0507009873554805;

    private const double SeluAlpha = 1.6732632423543772;

    private static readonly double[] Smooth = [-20, -8, -4, -2, -0.7, 0.7, 2, 4, 8, 20];

    private ActivationFunction(Func<double, Dual> evaluate, double[] breakpoints)
    {
        Evaluate = evaluate;
        Breakpoints = breakpoints;
    }

    public Func<double, Dual> Evaluate { get; }

    /// <summary>Points between which the function is smooth and slowly varying, for the quadrature.</summary>
    public double[] Breakpoints { get; }

    /// <summary>Pre-activations outside [Low, High] count as saturated: the local gradient is under 7% of its maximum. Null: does not saturate on both sides.</summary>
    public (double Low, double High)? Saturation { get; private init; }

    /// <summary>At and below this pre-activation the gradient is exactly zero; null where it never is.</summary>
    public double? DeadBelow { get; private init; }

    /// <summary>The function for a kind; null where it is not element-wise (softmax, GLU) or its parameter is not known.</summary>
    public static ActivationFunction? Of(ActivationKind kind, double? parameter) => kind switch
    {
        ActivationKind.Sigmoid => new(Sigmoid, Smooth) { Saturation = (-4, 4) },
        ActivationKind.Tanh => new(Tanh, Smooth) { Saturation = (-2, 2) },
        ActivationKind.Softsign => new(x => new(x / (1 + Math.Abs(x)), 1 / ((1 + Math.Abs(x)) * (1 + Math.Abs(x)))), [0, .. Smooth])
        {
            // 1/(1 + |x|)² < 0.07
            Saturation = (-2.7796, 2.7796),
        },
        ActivationKind.Hardsigmoid => new(x => Clip((x / 6) + 0.5, 1.0 / 6, 0, 1), [-3, 3]) { Saturation = (-3, 3) },
        ActivationKind.Hardtanh => new(x => Clip(x, 1, -1, 1), [-1, 1]) { Saturation = (-1, 1) },
        ActivationKind.Relu => new(x => Leaky(x, 0), [0]) { DeadBelow = 0 },
        ActivationKind.Relu6 => new(x => Clip(x, 1, 0, 6), [0, 6]) { DeadBelow = 0 },
        ActivationKind.LeakyRelu or ActivationKind.PRelu => parameter is { } slope ? new(x => Leaky(x, slope), [0]) : null,
        ActivationKind.RRelu => new(x => Leaky(x, RReluMeanSlope), [0]),
        ActivationKind.Elu => parameter is { } alpha ? new(x => Exponential(x, alpha, 1), [0, .. Smooth]) : null,
        ActivationKind.Celu => parameter is { } alpha && alpha != 0 ? new(x => Exponential(x, alpha, alpha), [0, .. Smooth]) : null,
        ActivationKind.Selu => new(x => Exponential(x, SeluAlpha, 1).Affine(SeluScale, 0), [0, .. Smooth]),
        ActivationKind.Gelu => new(Gelu, Smooth),
        ActivationKind.Silu => new(x => new Dual(x, 1) * Sigmoid(x), Smooth),
        ActivationKind.Mish => new(x => new Dual(x, 1) * Softplus(x, 1).Through(Tanh), Smooth),
        ActivationKind.Softplus => parameter is { } beta && beta > 0 ? new(x => Softplus(x, beta), Smooth) : null,
        ActivationKind.LogSigmoid => new(x => Softplus(-x, 1) is var y ? new(-y.Value, y.Slope) : default, Smooth),
        ActivationKind.Hardswish => new(x => new Dual(x, 1) * Clip((x / 6) + 0.5, 1.0 / 6, 0, 1), [-3, 3]),
        _ => null,
    };

    public static Dual Sigmoid(double x)
    {
        var small = Math.Exp(-Math.Abs(x));
        return new(x < 0 ? small / (1 + small) : 1 / (1 + small), small / ((1 + small) * (1 + small)));
    }

    public static Dual Tanh(double x)
    {
        var y = Math.Tanh(x);
        return new(y, 1 - (y * y));
    }

    private static Dual Leaky(double x, double slope) => x > 0 ? new(x, 1) : new(slope * x, slope);

    private static Dual Clip(double y, double slope, double low, double high) =>
        y <= low ? new(low, 0) : y >= high ? new(high, 0) : new(y, slope);

    private static Dual Exponential(double x, double alpha, double width) =>
        x > 0 ? new(x, 1) : new(alpha * (Math.Exp(x / width) - 1), alpha / width * Math.Exp(x / width));

    private static Dual Gelu(double x)
    {
        var cdf = NormalDistribution.Cdf(x);
        return new(x * cdf, cdf + (x * NormalDistribution.Density(x)));
    }

    private static Dual Softplus(double x, double beta)
    {
        var z = x * beta;
        var value = Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z)));
        return new(value / beta, Sigmoid(z).Value);
    }
}
