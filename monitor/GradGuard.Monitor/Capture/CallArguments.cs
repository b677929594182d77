using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>Finds the tensors among what a module takes or returns.</summary>
internal static class CallArguments
{
    /// <summary>The tensors of a value: itself, or those of a tuple, nested ones included, in order.</summary>
    public static IEnumerable<Tensor> Tensors(object? value) => value switch
    {
        Tensor tensor => [tensor],
        DerivedTensor derived => [derived.Value],
        ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(index => Tensors(tuple[index])),
        _ => [],
    };
}
