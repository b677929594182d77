using TorchSharp;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Statistics;

/// <summary>Which tensors have statistics: strided floating-point ones with elements.</summary>
internal static class ReadableTensor
{
    /// <summary>Why the tensor cannot be read; <see cref="SkipReason.None"/> when it can. Never throws.</summary>
    public static SkipReason ReasonToSkip(Tensor tensor)
    {
        if (tensor.IsInvalid)
            return SkipReason.Disposed;
        var reason = tensor.dtype switch
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
        if (tensor.device_type == DeviceType.META)
            return SkipReason.Meta;
        return tensor.NumberOfElements == 0 ? SkipReason.Empty : SkipReason.None;
    }
}
