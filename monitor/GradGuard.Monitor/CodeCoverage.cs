namespace GradGuard.Monitor;

/// <summary>What of the model's code the monitor could see beyond TorchSharp's hooks; all zero in a build without instrumentation.</summary>
public sealed class CodeCoverage
{
    /// <summary>Calls of <c>forward</c> in the model's classes that the monitor hears of.</summary>
    public required int ForwardCalls { get; init; }

    /// <summary>Calls of activation functions in the model's classes that the monitor hears of when they run.</summary>
    public required int Activations { get; init; }

    /// <summary>Those of <see cref="Activations"/> that ran at least once inside the model.</summary>
    public required int ActivationsSeen { get; init; }

    /// <summary>What in the code cannot be heard of, and why.</summary>
    public required IReadOnlyList<HiddenCode> Hidden { get; init; }
}

/// <summary>A use of <c>forward</c> or of an activation function that no instrumentation reaches.</summary>
/// <param name="Where">Name, file and line: <c>relu at Models/Net.cs:42</c>.</param>
/// <param name="Reason">Why, and what to write instead.</param>
public sealed record HiddenCode(string Where, string Reason);
