using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph;

/// <summary>A value from outside: a parameter of <c>forward</c>, a batch. Signal assumes unit RMS where nothing is known.</summary>
internal sealed class InputNode(string name, Location location) : GraphNode(location)
{
    public string Name { get; } = name;

    /// <summary>True for data: an element of a loader, or numbers of the program's own. Nothing computed it, so it carries no gradient.</summary>
    public bool IsData { get; init; }
}

/// <summary>A tensor the program creates from a known law and uses as a value: a bare parameter, <c>randn(H, H) * 10</c>, <c>zeros(…)</c>.</summary>
internal sealed class TensorNode(Layer layer, bool isParameter, Location location) : GraphNode(location)
{
    /// <summary>The tensor's name, width (of a matrix [out, in], as <c>nn.init</c> counts fan-in and fan-out) and first values.</summary>
    public Layer Layer { get; } = layer;

    /// <summary>True for a <c>Parameter</c> or a tensor with <c>requires_grad</c>: training changes it.</summary>
    public bool IsParameter { get; } = isParameter;
}

/// <summary>Something the graph does not understand. Never guessed: what depends on it is not known.</summary>
internal sealed class UnknownNode(string reason, Location location, params GraphNode[] inputs) : GraphNode(location, inputs)
{
    /// <summary>What was not understood, for the blind-spot list ("call to Foo.Bar declared in another file").</summary>
    public string Reason { get; } = reason;
}
