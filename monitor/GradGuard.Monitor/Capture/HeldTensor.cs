using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>
/// A tensor of the program's, held until its step is over: by a second handle on the same native tensor, its autograd state included, whatever the program does
/// with its own, or by the program's own handle, where that is sure to last. A second handle belongs to no dispose scope; the holder disposes it.
/// </summary>
internal sealed class HeldTensor : IDisposable
{
    private readonly Tensor? _tensor;
    private readonly TensorLifetime? _lifetime;
    private readonly bool _retainsForAnother;
    private HeldTensor? _standIn;

    private HeldTensor(
        Tensor handle, Tensor? tensor, bool retainsGradient = false, bool isWatchedLeaf = false, TensorLifetime? lifetime = null, bool isBorrowed = false, bool retainsForAnother = false)
    {
        (Handle, _tensor, RetainsGradient, IsWatchedLeaf) = (handle, tensor, retainsGradient, isWatchedLeaf);
        (_lifetime, IsBorrowed, _retainsForAnother) = (lifetime, isBorrowed, retainsForAnother);
    }

    /// <summary>
    /// The program's own handle, by which calls recognise what others returned; it may be disposed. Let go of with the tensor: a program without dispose scopes
    /// leaves its memory to the collector, which must not wait for a record.
    /// </summary>
    public Tensor? Handle { get; private set; }

    /// <summary>The handle to read it by: the monitor's where it has one; that of the tensor that stands for this one, where one does.</summary>
    public Tensor Tensor => _standIn?.Tensor ?? (IsBorrowed ? Handle! : _tensor!);

    /// <summary>True where it is held by the program's own handle alone.</summary>
    public bool IsBorrowed { get; }

    /// <summary>True where the program let go of the one handle there is, against its habit.</summary>
    public bool IsLost => _standIn?.IsLost ?? (IsBorrowed && Handle is not { IsInvalid: false });

    /// <summary>True when backward will leave a gradient on it.</summary>
    public bool RetainsGradient { get; }

    /// <summary>True where the program's tensor has no gradient, and the monitor made it one: data, and nothing that a parameter had a part in.</summary>
    public bool IsWatchedLeaf { get; }

    /// <summary>Bytes that are held; none of a tensor that another stands for.</summary>
    public long Bytes => _standIn is null ? Tensor.NumberOfElements * Tensor.ElementSize : 0;

    /// <summary>
    /// Holds a tensor. Asked for itself in the layout or the type that it has, ATen returns the very tensor, so nothing is added to the graph; the layout
    /// is the cheaper question.
    /// </summary>
    /// <param name="tensor">A valid tensor.</param>
    /// <param name="retainGradient">True to keep its gradient, where it has one and is no leaf.</param>
    /// <param name="lifetime">Told how long the program keeps it.</param>
    /// <param name="forAnother">True where that gradient is to tell another's: see <see cref="TellBy"/>.</param>
    public static HeldTensor Hold(Tensor tensor, bool retainGradient, TensorLifetime? lifetime = null, bool forAnother = false)
    {
        var retains = retainGradient && tensor.requires_grad && !tensor.is_leaf;
        if (retains)
            tensor.retain_grad();
        var held = tensor.is_contiguous() ? tensor.contiguous() : tensor.to_type(tensor.dtype);
        return new HeldTensor(tensor, held.DetachFromDisposeScope(), retains && !forAnother, lifetime: lifetime, retainsForAnother: retains && forAnother);
    }

    /// <summary>
    /// Holds a tensor on a step that is not read: by the program's own handle where that has outlasted each step so far. Nothing is asked of torch then.
    /// </summary>
    /// <param name="tensor">A valid tensor.</param>
    /// <param name="lifetime">How long the program keeps what it gets there.</param>
    public static HeldTensor Follow(Tensor tensor, TensorLifetime lifetime)
        => lifetime.OutlastsSteps ? Borrow(tensor, lifetime) : Hold(tensor, retainGradient: false, lifetime);

    /// <summary>Knows a tensor by the program's own handle; <see cref="IsLost"/> where that is gone.</summary>
    /// <inheritdoc cref="Follow"/>
    public static HeldTensor Borrow(Tensor tensor, TensorLifetime lifetime) => new(tensor, null, lifetime: lifetime, isBorrowed: true);

    /// <summary>
    /// Makes an input that depends on no parameter one that has a gradient: a leaf over the same storage.
    /// </summary>
    public static HeldTensor WatchedLeaf(Tensor input)
        => new(input, input.detach().requires_grad_().DetachFromDisposeScope(), retainsGradient: true, isWatchedLeaf: true);

    /// <summary>
    /// Holds nothing of what a function with a bounded slope returned: what it was given stands for it, and is not finite wherever this is. Memory held until the step's end
    /// is memory that backward cannot use again: 2% of a step of a small CNN.
    /// </summary>
    /// <param name="tensor">What it returned.</param>
    /// <param name="input">What it was given.</param>
    public static HeldTensor ByInput(Tensor tensor, HeldTensor input) => new(tensor, null) { _standIn = input };

    /// <summary>Holds nothing of an output whose gradient, and whose NaN, what pooling will make of it is to tell.</summary>
    /// <param name="tensor">A valid tensor.</param>
    public static HeldTensor Untold(Tensor tensor) => new(tensor, null, isBorrowed: true) { Elements = tensor.NumberOfElements };

    /// <summary>What tells the gradient by this tensor, <see cref="PooledGradients"/>; null where it has its own, or nothing does.</summary>
    public HeldTensor? ToldBy { get; private set; }

    /// <summary>Elements of a tensor that another tells.</summary>
    public long Elements { get; private init; }

    /// <summary>What pooling returned tells of this tensor, and stands for it in the search for a NaN: it is NaN where this was, or infinite where that could still do harm.</summary>
    public void TellBy(HeldTensor pooled) => ToldBy = _standIn = pooled;

    /// <summary>The gradient that backward left for another tensor's sake, which the caller disposes; null when there is none.</summary>
    public Tensor? PooledGradient() => _retainsForAnother ? Tensor.grad : null;

    /// <summary>True when this is what the program knows by this handle.</summary>
    public bool IsOf(Tensor? handle) => ReferenceEquals(Handle, handle);

    /// <summary>The gradient that backward left, which the caller disposes; null when there is none.</summary>
    public Tensor? Gradient() => RetainsGradient ? Tensor.grad : null;

    /// <summary>
    /// Lets go of the tensor's memory, which training would have used again by now. The output of the function that took it stands for it: that
    /// is NaN wherever this was, and not finite wherever an infinity could still do harm.
    /// </summary>
    /// <param name="output">Disposed by its own holder.</param>
    public void HandOver(HeldTensor output)
    {
        _standIn = output;
        _tensor?.Dispose();
    }

    /// <summary>Lets go.</summary>
    public void Dispose()
    {
        _lifetime?.StepEnded(Handle is { IsInvalid: false });
        Handle = null;
        _tensor?.Dispose();
    }
}
