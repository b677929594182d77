using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>A tensor that the program has not made in this form, made where somebody reads it.</summary>
internal sealed class DerivedTensor(Func<Tensor> make) : IDisposable
{
    private Tensor? _made;

    /// <summary>The tensor, without a gradient.</summary>
    public Tensor Value => _made ??= make();

    /// <summary>Releases it where it was made.</summary>
    public void Dispose() => _made?.Dispose();
}
