namespace GradGuard.Instrumentation.Sites;

/// <summary>Everything the generator takes from one source file; compared by value, holds no symbols.</summary>
/// <param name="Path">Path as the compiler knows it.</param>
/// <param name="Forwards">Calls of <c>forward</c> that are intercepted.</param>
/// <param name="Activations">Calls of activation functions that are intercepted.</param>
/// <param name="Hidden">Uses of either that no interceptor can reach.</param>
/// <param name="Layers">Where the file's modules create their layers.</param>
internal sealed record InstrumentedFile(
    string Path,
    EquatableArray<ForwardSite> Forwards,
    EquatableArray<ActivationSite> Activations,
    EquatableArray<HiddenSite> Hidden,
    EquatableArray<LayerSource> Layers)
{
    public bool IsEmpty => Forwards.Count + Activations.Count + Hidden.Count + Layers.Count == 0;
}

/// <summary>A place in the code.</summary>
/// <param name="Type">Metadata name of the enclosing type.</param>
/// <param name="Member">Name of the enclosing method or property.</param>
/// <param name="Line">Line, counted from 1.</param>
internal sealed record Place(string Type, string Member, int Line);

/// <summary>A call of <c>forward</c>.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Signature">The method called.</param>
/// <param name="Attribute">The attribute that names the location to the compiler.</param>
internal sealed record ForwardSite(Place Place, InterceptedSignature Signature, string Attribute);

/// <summary>A call of an activation function.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Signature">The method called.</param>
/// <param name="Attribute">The attribute that names the location to the compiler.</param>
/// <param name="Function">Name without the underscore of an in-place form.</param>
/// <param name="Ordinal">Which of several equal calls on one line, counted from 0.</param>
/// <param name="Role">What the code does with the result.</param>
internal sealed record ActivationSite(Place Place, InterceptedSignature Signature, string Attribute, string Function, int Ordinal, ActivationRole Role);

/// <summary>A use of <c>forward</c> or of an activation that no interceptor can reach.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Name">What is used.</param>
/// <param name="Reason">Why it cannot be seen, and what to write instead.</param>
internal sealed record HiddenSite(Place Place, string Name, string Reason);

/// <summary>Where a module class creates a layer.</summary>
/// <param name="Type">Metadata name of the module class.</param>
/// <param name="Name">Name under which the layer is registered, with the names inside a Sequential after dots.</param>
/// <param name="Line">Line, counted from 1.</param>
internal sealed record LayerSource(string Type, string Name, int Line);

/// <summary>A method as an interceptor has to repeat it, in C#.</summary>
/// <param name="TypeParameters">With angle brackets; empty for a closed signature.</param>
/// <param name="Constraints">The where clauses, with a leading space; or empty.</param>
/// <param name="ReturnType">Return type.</param>
/// <param name="Parameters">Parameter list without parentheses; the receiver is the first.</param>
/// <param name="Call">The call handed on, by the names of <paramref name="Parameters"/>.</param>
/// <param name="Input">Name of the parameter that a listener may look at and replace; empty where there is none.</param>
internal sealed record InterceptedSignature(
    string TypeParameters, string Constraints, string ReturnType, string Parameters, string Call, string Input)
{
    public bool ReturnsVoid => ReturnType == "void";
}
