using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using GradGuard.Monitor.Statistics;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>
/// Gradients by outputs that need no copy of their own. Where an output goes through a ReLU and through max pooling over windows that do not meet, and nowhere else, pooling hands each gradient
/// that it gets on to one element, and the ReLU passes it where that is positive: all others are zero. So the gradient by what pooling returned has the same figures, in a quarter of the memory or less.
/// </summary>
/// <remarks>
/// That an output goes nowhere else cannot be seen, but shows: on thorough steps backward copies both, and their norms are the same. Until they were, and for good once they were not, a layer's own gradient is kept.
/// Only where every step is read: 2% of a step of a small CNN.
/// </remarks>
internal sealed class PooledGradients
{
    /// <summary>Share by which two sums of the same squares differ at most, in the order and the precision of the kernel.</summary>
    private const double SameSquares = 1e-3;

    private readonly List<(HookedLayer Layer, HeldTensor Output, HeldTensor Pooled)> _kept = [];
    private HookedLayer? _layer;
    private HeldTensor? _output;
    private Tensor? _rectified;

    /// <summary>Follows an output from a layer with weights through the ReLU.</summary>
    /// <param name="layer">What was called.</param>
    /// <param name="input">What it took.</param>
    /// <param name="output">What it returned.</param>
    /// <param name="held">The same, as it is held.</param>
    public void Follow(HookedLayer layer, Tensor? input, Tensor output, HeldTensor held)
    {
        if (layer.PassesWherePositive && _rectified is null && _output is not null && _output.IsOf(input))
            _rectified = output;
        else
            (_layer, _output, _rectified) = layer is { KeepsGradient: true, Description.HasWeights: true } ? (layer, held, null) : default((HookedLayer?, HeldTensor?, Tensor?));
    }

    /// <summary>True where a call pools what was followed, and its gradient tells that by the layer's output, or may.</summary>
    /// <param name="layer">What was called.</param>
    /// <param name="input">What it took.</param>
    public bool IsTold(HookedLayer layer, Tensor? input)
        => _rectified is not null && ReferenceEquals(_rectified, input) && layer.PoolsApart && _layer!.IsToldByPooling != false;

    /// <summary>Takes what that call returned, held with its gradient.</summary>
    public HeldTensor Take(HeldTensor pooled)
    {
        if (_output!.RetainsGradient)
            _kept.Add((_layer!, _output, pooled));
        else
            _output.TellBy(pooled);
        (_layer, _output, _rectified) = (null, null, null);
        return pooled;
    }

    /// <summary>Once backward has run: of layers whose own gradients were kept as well, notes whether both are the same.</summary>
    /// <param name="reading">Number of the reading: each compares another sample.</param>
    public void Compare(long reading)
    {
        foreach (var (layer, output, pooled) in _kept)
        {
            using var gradient = output.Gradient();
            using var told = pooled.PooledGradient();
            if (gradient is not null && told is not null && AreSame(gradient, told, pooled.Tensor, reading) is { } same)
                layer.IsToldByPooling = same && layer.IsToldByPooling != false;
        }
    }

    /// <summary>The figures of the gradient by an output, from that by what pooling made of it.</summary>
    /// <param name="elements">Elements of the output.</param>
    /// <param name="pooled">What pooling returned.</param>
    /// <param name="request">How much of it.</param>
    /// <returns>Null where backward left none, or none that can be read in place.</returns>
    public static TensorStatistics? Read(long elements, HeldTensor pooled, in StatisticsRequest request)
    {
        using var gradient = pooled.PooledGradient();
        if (gradient is null || !IsReadable(gradient, out var count) || !IsReadable(pooled.Tensor, out var outputs) || outputs != count)
            return null;
        var plan = new RowPlan(new TensorLayout(1, 1, count), request);
        var (blocks, length) = plan.HasBlocks ? ((int)plan.Count, (int)plan.Inner) : (1, (int)count);
        var got = Elements(gradient);
        var returned = Elements(pooled.Tensor);
        var passed = ArrayPool<float>.Shared.Rent(blocks * length);
        for (var block = 0; block < blocks; block++)
        {
            var start = plan.HasBlocks ? (int)plan.StartOf(block) : 0;
            Pass(got.Slice(start, length), returned.Slice(start, length), passed.AsSpan(block * length, length));
        }

        GC.KeepAlive(pooled);
        var statistics = Figures(passed.AsSpan(0, blocks * length), count);
        ArrayPool<float>.Shared.Return(passed);

        // Blocks may miss what lies in few places.
        if (plan.HasBlocks && statistics.IsSparse)
            return Read(elements, pooled, new StatisticsRequest());

        // The other elements of each window got none.
        var all = (long)((double)statistics.SampledCount * elements / count);
        return statistics with
        {
            Count = elements,
            SampledCount = all,
            Zeros = statistics.Zeros + all - statistics.SampledCount,
            Min = double.MinNumber(statistics.Min, 0),
            Max = double.MaxNumber(statistics.Max, 0),
        };
    }

    /// <summary>Forgets the step.</summary>
    public void Clear()
    {
        _kept.Clear();
        (_layer, _output, _rectified) = (null, null, null);
    }

    /// <summary>Null where that cannot be told this time; memory that cannot be read in place tells nothing, and counts as another gradient.</summary>
    private static bool? AreSame(Tensor gradient, Tensor told, Tensor pooled, long reading)
    {
        if (!IsReadable(gradient, out var elements) || !IsReadable(told, out var count) || !IsReadable(pooled, out var outputs) || outputs != count)
            return false;

        // Pooling keeps samples, and channels where there is one sample, apart: the first dimension of both.
        var samples = gradient.size(0);
        var sample = (int)(reading % samples);
        var (own, length) = ((int)(elements / samples), (int)(count / samples));
        var passed = ArrayPool<float>.Shared.Rent(length);
        Pass(Elements(told).Slice(sample * length, length), Elements(pooled).Slice(sample * length, length), passed);
        var (one, other) = (Figures(Elements(gradient).Slice(sample * own, own), own), Figures(passed.AsSpan(0, length), length));
        ArrayPool<float>.Shared.Return(passed);
        GC.KeepAlive(gradient);
        GC.KeepAlive(told);
        return one.NonFinite + other.NonFinite > 0 || (one.SumOfSquares == 0 && other.SumOfSquares == 0) ? null
            : Math.Abs(one.SumOfSquares - other.SumOfSquares) <= SameSquares * one.SumOfSquares;
    }

    private static TensorStatistics Figures(ReadOnlySpan<float> elements, long count) => CpuReader.Read(MemoryMarshal.AsBytes(elements), ScalarType.Float32, count);

    /// <summary>What a ReLU passes of a gradient: as torch does, all of it but where the output is zero or negative.</summary>
    private static void Pass(ReadOnlySpan<float> gradient, ReadOnlySpan<float> output, Span<float> passed)
    {
        var at = 0;
        for (; at <= gradient.Length - Vector<float>.Count; at += Vector<float>.Count)
        {
            var stopped = Vector.LessThanOrEqual(new Vector<float>(output[at..]), Vector<float>.Zero);
            Vector.ConditionalSelect(stopped, Vector<float>.Zero, new Vector<float>(gradient[at..])).CopyTo(passed[at..]);
        }

        for (; at < gradient.Length; at++)
            passed[at] = output[at] <= 0 ? 0 : gradient[at];
    }

    private static bool IsReadable(Tensor tensor, out long count)
    {
        var isInOnePiece = ReadableTensor.IsInOnePiece(tensor, out var header);
        count = header.Elements;
        return isInOnePiece && header.Type == ScalarType.Float32;
    }

    private static ReadOnlySpan<float> Elements(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
