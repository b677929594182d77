using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Programs;

/// <summary>The facts of a dead or disconnected layer, read from the gradients themselves and not through the monitor.</summary>
internal static class StarvedParameters
{
    /// <summary>Share of a weight's rows, one a unit, whose gradient must be exactly zero.</summary>
    public const double LeastShare = 0.5;

    /// <summary>Names of the trainable parameters that the last backward gave no gradient, or a gradient of zero in most of their rows.</summary>
    public static IReadOnlySet<string> Of(nn.Module model)
    {
        using var scope = NewDisposeScope();
        return model.named_parameters()
            .Where(static named => named.parameter.requires_grad && IsStarved(named.parameter.grad))
            .Select(static named => named.name).ToHashSet();
    }

    private static bool IsStarved(Tensor? gradient)
    {
        if (gradient is null)
            return true;
        using var zeroRows = gradient.reshape(gradient.shape[0], -1).abs().amax([1L]).eq(0).to_type(ScalarType.Float32).mean();
        return zeroRows.item<float>() > LeastShare;
    }
}
