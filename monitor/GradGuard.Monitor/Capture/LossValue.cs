using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>The loss as a number, on every step: read where it lies, without a tensor made for it.</summary>
internal static class LossValue
{
    /// <summary>Null when it is not one floating-point number, or gone.</summary>
    public static double? Of(Tensor loss)
    {
        if (loss.IsInvalid || loss.NumberOfElements != 1)
            return null;
        var type = loss.dtype;
        if (type is ScalarType.Float32 or ScalarType.Float64 && loss.device_type == DeviceType.CPU)
        {
            double value = type == ScalarType.Float32 ? MemoryMarshal.Read<float>(loss.bytes) : MemoryMarshal.Read<double>(loss.bytes);
            GC.KeepAlive(loss);
            return value;
        }

        if (!loss.is_floating_point())
            return null;
        using var detached = loss.detach();
        using var wide = detached.to_type(ScalarType.Float64);
        return wide.item<double>();
    }
}
