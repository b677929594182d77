using TorchSharp;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Statistics;

/// <summary>Which tensors have statistics: strided floating-point ones with elements.</summary>
internal static class ReadableTensor
{
    /// <summary>Why the tensor cannot be read; <see cref="SkipReason.None"/> when it can. Never throws.</summary>
    public static SkipReason ReasonToSkip(Tensor tensor) => ReasonToSkip(tensor, out _);

    /// <inheritdoc cref="ReasonToSkip(Tensor)"/>
    /// <param name="tensor">Any tensor.</param>
    /// <param name="header">What was asked for on the way, where it can be read: every question is a call of its own into torch.</param>
    public static SkipReason ReasonToSkip(Tensor tensor, out TensorHeader header)
    {
        header = default;
        if (tensor.IsInvalid)
            return SkipReason.Disposed;
        var type = tensor.dtype;
        var reason = type switch
        {
            ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16 => SkipReason.None,
            ScalarType.Bool => SkipReason.Bool,
            ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64 => SkipReason.Complex,
            ScalarType.QInt8 or ScalarType.QUInt8 or ScalarType.QInt32 => SkipReason.Quantized,
            _ => SkipReason.Integer,
        };
        if (reason != SkipReason.None)
            return reason;
        if (tensor.is_sparse)
            return SkipReason.Sparse;
        header = new(type, tensor.device_type, tensor.NumberOfElements);
        if (header.Device == DeviceType.META)
            return SkipReason.Meta;
        return header.Elements == 0 ? SkipReason.Empty : SkipReason.None;
    }

    /// <summary>float32 or float64 in one piece of host memory that a span can cover.</summary>
    /// <inheritdoc cref="ReasonToSkip(Tensor, out TensorHeader)"/>
    public static bool IsInOnePiece(Tensor tensor, out TensorHeader header)
        => ReasonToSkip(tensor, out header) == SkipReason.None
            && header is { Device: DeviceType.CPU, Type: ScalarType.Float32 or ScalarType.Float64, FitsASpan: true } && tensor.is_contiguous();
}

/// <summary>What is known of a tensor that can be read.</summary>
/// <param name="Type">Type of its elements, a floating-point one.</param>
/// <param name="Device">Where it lies.</param>
/// <param name="Elements">Its elements, at least one.</param>
internal readonly record struct TensorHeader(ScalarType Type, DeviceType Device, long Elements)
{
    /// <summary>Bytes of an element.</summary>
    public int ElementSize => Type switch { ScalarType.Float64 => sizeof(double), ScalarType.Float32 => sizeof(float), _ => sizeof(ushort) };

    /// <summary>True when a span covers it.</summary>
    public bool FitsASpan => Elements * ElementSize <= int.MaxValue;
}
