using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Programs;

/// <summary>What training left of the weights.</summary>
internal static class FinalParameters
{
    /// <summary>All parameters, end to end.</summary>
    public static float[] Of(params nn.Module[] models)
        => [.. models.SelectMany(static model => model.parameters()).SelectMany(static parameter => parameter.data<float>().ToArray())];
}
