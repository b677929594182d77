using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>Keeps the first values of every weight while the program's initializers run over it.</summary>
internal sealed class WeightInitializers(Store store)
{
    private readonly Dictionary<(Layer Layer, WeightRole Role), Slot> _slots = [];

    /// <summary>Fills a weight or a tensor of the program's own; null where the target is neither.</summary>
    public Value? Apply(InitializerKind kind, string name, Value target, ArgumentMap arguments, Location location)
    {
        if (Find(target) is not { } place)
            return null;
        Write(place, new Initialization(Distribution(kind, arguments), location, IsDefault: false) { Initializer = name });
        return target;
    }

    /// <summary><c>weight.mul_(c)</c>, <c>weight.div_(c)</c>. False where it is something else.</summary>
    public bool ScaleInPlace(ArithmeticKind kind, Value target, Value? operand, Location location)
    {
        if (kind is not (ArithmeticKind.Multiply or ArithmeticKind.Divide) || operand?.AsNumber() is not { } number || number == 0 || Find(target) is not { } place)
            return false;
        var factor = kind is ArithmeticKind.Multiply ? number : 1 / number;
        var current = Current(place.Layer, place.Role);
        var scaled = current is null ? WeightDistribution.Unknown.Instance : Scale(current.Distribution, factor);
        Write(place, new Initialization(scaled, location, IsDefault: false) { Initializer = kind is ArithmeticKind.Multiply ? "mul_" : "div_" });
        return true;
    }

    /// <summary><c>layer.weight = value</c>.</summary>
    public void Replace(Layer layer, string property, Value value, IOperation at)
    {
        if (ModuleTree.RoleOf(property) is not { } role)
            return;
        var source = (value as TensorValue)?.Node;
        var initialization = source is null ? null : InitializationOf(source);
        Write((layer, role), initialization ?? new Initialization(WeightDistribution.Unknown.Instance, at.Syntax.GetLocation(), IsDefault: false));
    }

    /// <summary>The law a freshly created tensor's values follow, scaled as the program scaled it; null for any other value.</summary>
    public Initialization? InitializationOf(GraphNode node) => node switch
    {
        TensorNode tensor => Current(tensor.Layer, WeightRole.Weight),
        ScaleNode { Factor: { } factor, Offset: 0 } scale when InitializationOf(scale.Input) is { } inner =>
            inner with { Distribution = Scale(inner.Distribution, factor), Location = scale.Location },
        ScaleNode { Factor: { } factor, Offset: { } offset } scale when InitializationOf(scale.Input) is { } inner =>
            inner with { Distribution = Shift(inner.Distribution, factor, offset), Location = scale.Location },
        ReshapeNode { IsSlice: false } or GradientCutNode { Kind: GradientCutKind.Detach } => InitializationOf(node.Input),
        _ => null,
    };

    public Initialization? Current(Layer layer, WeightRole role) =>
        _slots.TryGetValue((layer, role), out var slot) ? ((InitializationValue)slot.Value!).Initialization : Initial(layer, role);

    /// <summary>Hands the final values to the layers.</summary>
    public void Finish()
    {
        foreach (var (place, slot) in _slots.Select(entry => (entry.Key, entry.Value)))
        {
            if (((InitializationValue)slot.Value!).Initialization is not { } initialization)
                continue;
            switch (place.Role)
            {
                case WeightRole.Weight:
                    place.Layer.Weight = initialization;
                    break;
                case WeightRole.Bias:
                    place.Layer.Bias = initialization;
                    break;
                default:
                    place.Layer.RecurrentWeight = initialization;
                    break;
            }
        }
    }

    /// <summary>
    /// <c>calculate_gain</c> of libtorch: linear, convolutions and sigmoid 1, tanh 5/3, ReLU √2, LeakyReLU √(2/(1 + slope²)). The numbers of
    /// <c>NonlinearityType</c> are TorchSharp's.
    /// </summary>
    public static double? Gain(long? nonlinearity, double? slope) => nonlinearity switch
    {
        null => null,
        8 => 5.0 / 3,
        9 => Math.Sqrt(2),
        10 => slope is { } a ? Math.Sqrt(2 / (1 + (a * a))) : null,
        _ => 1,
    };

    private static WeightDistribution Distribution(InitializerKind kind, ArgumentMap arguments)
    {
        var unknown = WeightDistribution.Unknown.Instance;
        switch (kind)
        {
            case InitializerKind.Zeros:
                return new WeightDistribution.Constant(0);
            case InitializerKind.Ones:
                return new WeightDistribution.Constant(1);
            case InitializerKind.Constant:
                return arguments.Number("val", "value", "v") is { } value ? new WeightDistribution.Constant(value) : unknown;
            case InitializerKind.Normal:
                return arguments.Number("mean") is { } mean && arguments.Number("std", "stddev") is { } std ? new WeightDistribution.Normal(mean, std) : unknown;
            case InitializerKind.TruncatedNormal:
                return arguments.Number("mean") is { } center && arguments.Number("std") is { } spread
                    && arguments.Number("a") is { } low && arguments.Number("b") is { } high
                    ? new WeightDistribution.TruncatedNormal(center, spread, low, high)
                    : unknown;
            case InitializerKind.Uniform:
                return arguments.Number("low", "from") is { } from && arguments.Number("high", "to") is { } to ? new WeightDistribution.Uniform(from, to) : unknown;
            case InitializerKind.XavierUniform or InitializerKind.XavierNormal:
                // TorchSharp's xavier_normal_ calls the uniform initializer; the variance is the same.
                return arguments.Number("gain") is { } gain ? new WeightDistribution.Xavier(gain, IsUniform: true) : unknown;
            case InitializerKind.KaimingUniform or InitializerKind.KaimingNormal:
                return Gain(arguments.Integer("nonlinearity"), arguments.Number("a")) is { } factor && arguments.Integer("mode") is { } mode
                    ? new WeightDistribution.Kaiming(factor, FanOut: mode == 1, IsUniform: kind is InitializerKind.KaimingUniform)
                    : unknown;
            case InitializerKind.Orthogonal:
                return arguments.Number("gain") is { } scale ? new WeightDistribution.Orthogonal(scale) : unknown;
            case InitializerKind.Sparse:
                return arguments.Number("sparsity") is { } share && arguments.Number("std") is { } deviation ? new WeightDistribution.Sparse(share, deviation) : unknown;
            case InitializerKind.Identity:
                return new WeightDistribution.Identity();
            default:
                return unknown;
        }
    }

    private static WeightDistribution Scale(WeightDistribution law, double factor) => law switch
    {
        _ when factor == 1 => law,
        WeightDistribution.Unknown => law,
        WeightDistribution.Scaled scaled => new WeightDistribution.Scaled(scaled.Inner, scaled.Factor * factor),
        WeightDistribution.Constant constant => new WeightDistribution.Constant(constant.Value * factor),
        _ => new WeightDistribution.Scaled(law, factor),
    };

    private static WeightDistribution Shift(WeightDistribution law, double factor, double offset) => law switch
    {
        WeightDistribution.Constant constant => new WeightDistribution.Constant((constant.Value * factor) + offset),
        WeightDistribution.Scaled scaled => Shift(scaled.Inner, factor * scaled.Factor, offset),
        WeightDistribution.Normal normal => new WeightDistribution.Normal((normal.Mean * factor) + offset, normal.Std * Math.Abs(factor)),
        WeightDistribution.Uniform uniform when factor >= 0 => new WeightDistribution.Uniform((uniform.Low * factor) + offset, (uniform.High * factor) + offset),
        WeightDistribution.Uniform uniform => new WeightDistribution.Uniform((uniform.High * factor) + offset, (uniform.Low * factor) + offset),
        _ => WeightDistribution.Unknown.Instance,
    };

    private static Initialization? Initial(Layer layer, WeightRole role) => role switch
    {
        WeightRole.Weight => layer.Weight,
        WeightRole.Bias => layer.Bias,
        _ => layer.RecurrentWeight,
    };

    private static (Layer Layer, WeightRole Role)? Find(Value target) => target switch
    {
        WeightValue weight => (weight.Layer, weight.Role),
        TensorValue { Node: TensorNode tensor } => (tensor.Layer, WeightRole.Weight),
        TensorValue { Node: GradientCutNode { Kind: GradientCutKind.Detach, Input: TensorNode tensor } } => (tensor.Layer, WeightRole.Weight),
        _ => null,
    };

    private void Write((Layer Layer, WeightRole Role) place, Initialization initialization)
    {
        if (!_slots.TryGetValue(place, out var slot))
            _slots.Add(place, slot = new Slot(new InitializationValue(Initial(place.Layer, place.Role))));
        store.Write(slot, new InitializationValue(initialization));
    }
}
