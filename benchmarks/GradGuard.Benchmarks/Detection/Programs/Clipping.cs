using GradGuard.Monitor;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Programs;

/// <summary>Clipping by norm, through the monitor where there is one.</summary>
internal static class Clipping
{
    /// <summary>Clips all gradients of a model together.</summary>
    public static void Clip(nn.Module model, GradientMonitor? monitor, double maxNorm)
    {
        if (monitor is null)
            nn.utils.clip_grad_norm_(model.parameters(), maxNorm);
        else
            monitor.ClipGradNorm(model.parameters(), maxNorm);
    }
}
