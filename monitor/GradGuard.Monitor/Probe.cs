using GradGuard.Monitor.Capture;
using GradGuard.Monitor.Recording;
using static TorchSharp.torch;

namespace GradGuard.Monitor;

/// <summary>Shows the monitor what neither hooks nor instrumentation see: a sigmoid written with operators, a state between two steps.</summary>
public static class Probe
{
    /// <summary>
    /// Reports a tensor as an activation of the module that is running, under that module's path and a name. Does nothing when no monitor
    /// is attached.
    /// </summary>
    /// <param name="activation">Any tensor; not changed.</param>
    /// <param name="name">Name within the module: <c>encoder.NAME</c> in logs and alerts.</param>
    /// <returns><paramref name="activation"/> itself.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static Tensor Activation(Tensor activation, string name)
    {
        ArgumentNullException.ThrowIfNull(activation);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!WatchSwitch.IsOn)
            return activation;
        var place = ActivationPlace.Probe(name);
        if (CallChain.Current is null && WatchedModel.All is [var only])
            only.Activation(running: null, place, activation, activation);
        foreach (var frame in CallChain.OfInnermost())
            frame.Model.Activation(frame.Layer, place, activation, activation);
        return activation;
    }
}
