using System.Diagnostics;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>A monitor as one writes it by hand.</summary>
internal abstract class HandWritten : IDisposable
{
    private readonly Stopwatch _own = new();

    /// <summary>Time spent in it, its hooks included.</summary>
    public TimeSpan OwnTime => _own.Elapsed;

    /// <summary>Reads the step, after backward.</summary>
    public void Observe()
    {
        _own.Start();
        ReadStep();
        _own.Stop();
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Reads the step.</summary>
    protected abstract void ReadStep();

    /// <summary>What a hook does with an output.</summary>
    protected Tensor Timed(Tensor output, Action<Tensor> hook)
    {
        _own.Start();
        hook(output);
        _own.Stop();
        return output;
    }
}
