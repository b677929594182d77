using GradGuard.Monitor.Recording;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradGuard.Monitor;

/// <content>What the program tells of its clipping.</content>
public sealed partial class GradientMonitor
{
    private ClippingRecord? _clipping;

    /// <summary>
    /// Clips gradients exactly as <c>torch.nn.utils.clip_grad_norm_</c> does, and notes the norm before: the monitor sees what the
    /// gradient was, and how often the limit cuts it (GG9012).
    /// </summary>
    /// <param name="parameters">Parameters whose gradients are taken together.</param>
    /// <param name="maxNorm">The limit; greater than 0.</param>
    /// <param name="normType">The p of the norm; 2 by default.</param>
    /// <returns>The norm before.</returns>
    public double ClipGradNorm(IEnumerable<Parameter> parameters, double maxNorm, double normType = 2)
    {
        var norm = nn.utils.clip_grad_norm_(parameters, maxNorm, normType);
        RecordClipping(norm, maxNorm);
        return norm;
    }

    /// <summary>Tells of a clipping by norm that the program did itself, between backward and <see cref="Observe"/>.</summary>
    /// <param name="normBefore">Norm before it, as <c>clip_grad_norm_</c> returns it.</param>
    /// <param name="maxNorm">The limit.</param>
    public void RecordClipping(double normBefore, double maxNorm)
    {
        // Of several calls in a step, for groups of parameters, the one that cut most counts.
        if (_clipping is not { } known || normBefore / maxNorm > known.NormBefore / known.MaxNorm)
            _clipping = new ClippingRecord(normBefore, maxNorm);
    }
}
