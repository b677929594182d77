using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>Finds the tensors among what a module takes or returns.</summary>
internal static class CallArguments
{
    /// <summary>Adds the tensors of a value: itself, or those of a tuple, nested ones included, in order.</summary>
    public static void AddTensors(object? value, List<Tensor> tensors)
    {
        switch (value)
        {
            case Tensor tensor:
                tensors.Add(tensor);
                break;
            case DerivedTensor derived:
                tensors.Add(derived.Value);
                break;
            case ITuple tuple:
                for (var index = 0; index < tuple.Length; index++)
                    AddTensors(tuple[index], tensors);
                break;
        }
    }

    /// <summary>True where the program has disposed none of the tensors of a value.</summary>
    public static bool AreValid(object? value)
    {
        if (value is not ITuple tuple)
            return value is not Tensor { IsInvalid: true };
        for (var index = 0; index < tuple.Length; index++)
        {
            if (!AreValid(tuple[index]))
                return false;
        }

        return true;
    }

    /// <summary>The first of these tensors; null where there is none.</summary>
    public static Tensor? First(object? value)
    {
        if (value is not ITuple tuple)
            return value as Tensor ?? (value as DerivedTensor)?.Value;
        for (var index = 0; index < tuple.Length; index++)
        {
            if (First(tuple[index]) is { } first)
                return first;
        }

        return null;
    }
}
