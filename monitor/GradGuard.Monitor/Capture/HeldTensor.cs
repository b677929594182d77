using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>
/// A second handle on a tensor of the program's: the same native tensor, its autograd state included, whatever the program does
/// with its own handle. Belongs to no dispose scope; the holder disposes it.
/// </summary>
internal sealed class HeldTensor : IDisposable
{
    private HeldTensor(Tensor tensor, bool retainsGradient) => (Tensor, RetainsGradient) = (tensor, retainsGradient);

    /// <summary>The handle.</summary>
    public Tensor Tensor { get; }

    /// <summary>True when backward will leave a gradient on it.</summary>
    public bool RetainsGradient { get; }

    /// <summary>Size in bytes.</summary>
    public long Bytes => Tensor.NumberOfElements * Tensor.ElementSize;

    /// <summary>
    /// Holds a tensor. Converting to the type it has returns the very tensor (ATen's <c>to</c> copies only where something
    /// changes), so nothing is added to the graph.
    /// </summary>
    /// <param name="tensor">A valid tensor.</param>
    /// <param name="retainGradient">True to keep its gradient, where it has one and is no leaf.</param>
    public static HeldTensor Hold(Tensor tensor, bool retainGradient)
    {
        var retains = retainGradient && tensor.requires_grad && !tensor.is_leaf;
        if (retains)
            tensor.retain_grad();
        return new HeldTensor(tensor.to_type(tensor.dtype).DetachFromDisposeScope(), retains);
    }

    /// <summary>
    /// Makes an input that depends on no parameter one that has a gradient: a leaf over the same storage.
    /// </summary>
    public static HeldTensor WatchedLeaf(Tensor input)
        => new(input.detach().requires_grad_().DetachFromDisposeScope(), retainsGradient: true);

    /// <summary>The gradient that backward left, which the caller disposes; null when there is none.</summary>
    public Tensor? Gradient() => RetainsGradient ? Tensor.grad : null;

    /// <summary>Lets go.</summary>
    public void Dispose() => Tensor.Dispose();
}
