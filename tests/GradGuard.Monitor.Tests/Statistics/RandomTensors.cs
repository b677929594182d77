using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Statistics;

/// <summary>Tensors of many shapes, layouts and contents, drawn from a seed without torch's generator.</summary>
internal sealed class RandomTensors(int seed)
{
    private static readonly double[] Specials = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.0, -0.0];
    private static readonly double[] Scales = [1e-30, 1e-6, 1, 300];
    private readonly Random _random = new(seed);

    public Random Random => _random;

    /// <summary>A shape of 0 to 4 dimensions and at most about 40,000 elements.</summary>
    public long[] Shape(int minDimensions = 0)
    {
        var dimensions = _random.Next(minDimensions, 5);
        var largest = dimensions switch { 0 or 1 => 40_000, 2 => 200, 3 => 34, _ => 14 };
        return Enumerable.Range(0, dimensions).Select(_ => (long)_random.Next(1, largest + 1)).ToArray();
    }

    /// <summary>Normal values at one of several scales; some zeros, and non-finite values in every second tensor.</summary>
    public Tensor Dense(long[] shape, ScalarType dtype, bool? nonFinite = null)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        var scale = dtype is ScalarType.Float16 ? 1 : Scales[_random.Next(Scales.Length)];
        var specials = (nonFinite ?? _random.Next(2) == 0) ? Specials : Specials[3..];
        var values = new double[count];
        for (var i = 0; i < count; i++)
            values[i] = _random.Next(12) == 0 ? specials[_random.Next(specials.Length)] : Normal() * scale;
        using var doubles = tensor(values, ScalarType.Float64);
        using var typed = doubles.to_type(dtype);
        return typed.reshape(shape).alias();
    }

    /// <summary>The same kind of content behind a view: transposed, sliced, strided, expanded or channels-last.</summary>
    public Tensor View(ScalarType dtype, bool? nonFinite = null)
    {
        using var scope = NewDisposeScope();
        var shape = Shape(minDimensions: 2);
        var dense = Dense(shape, dtype, nonFinite);
        var view = _random.Next(5) switch
        {
            0 => dense.transpose(0, shape.Length - 1),
            1 => dense.slice(shape.Length - 1, shape[^1] / 2, shape[^1], 1),
            2 => dense.slice(0, 0, shape[0], 2),
            3 => dense.slice(0, 0, 1, 1).expand([_random.Next(1, 5), .. shape[1..]]),
            _ => dense.permute([0, .. Enumerable.Range(2, shape.Length - 2).Select(i => (long)i), 1]),
        };
        return view.MoveToOuterDisposeScope();
    }

    private double Normal()
        => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
