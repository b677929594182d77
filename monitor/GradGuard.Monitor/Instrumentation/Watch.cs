using System.ComponentModel;
using System.Runtime.CompilerServices;
using GradGuard.Monitor.Capture;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Instrumentation;

/// <summary>What interceptors call. Written by the generator; not for use by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Watch
{
    /// <summary>True while a monitor is attached to any model.</summary>
    public static bool IsOn
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => WatchSwitch.IsOn;
    }

    /// <summary>A module's <c>forward</c> is about to run.</summary>
    /// <param name="module">The receiver; one that is no module of a watched model is left alone.</param>
    /// <returns>To be told of the result, and disposed when the call ends, however it does.</returns>
    public static ForwardCall Enter(object? module) => module is nn.Module known ? ForwardCall.Begin(known) : default;

    /// <summary>An activation function ran.</summary>
    /// <param name="site">Where in the code.</param>
    /// <param name="input">Its argument.</param>
    /// <param name="output">What it returned.</param>
    /// <remarks>Outside of every watched model it is no activation of one: a hinge in a loss, a sigmoid that reads out a prediction.</remarks>
    public static void Activation(ActivationSite site, Tensor input, Tensor output)
    {
        foreach (var frame in CallChain.OfInnermost())
            frame.Model.Activation(frame.Layer, site.Place, input, output);
    }

    /// <summary>The exp inside of a sigmoid written with operators ran. What the operators go on to make of it is computed here once more, and only where it is read.</summary>
    /// <param name="site">Where in the code the sigmoid is.</param>
    /// <param name="input">Argument of the exp.</param>
    /// <param name="exponential">What it returned.</param>
    public static void SigmoidOfExp(ActivationSite site, Tensor input, Tensor exponential)
    {
        foreach (var frame in CallChain.OfInnermost())
        {
            using var derived = new DerivedTensor(() =>
            {
                using var noGrad = no_grad();
                return exponential.add(1).reciprocal_();
            });
            frame.Model.Activation(frame.Layer, site.Place, input, derived);
        }
    }
}
