namespace GradGuard.Instrumentation.Sites;

/// <summary>Everything the generator takes from one source file; compared by value, holds no symbols.</summary>
/// <param name="Path">Path as the compiler knows it.</param>
/// <param name="Forwards">Calls of <c>forward</c> that are intercepted.</param>
/// <param name="Activations">Calls of activation functions that are intercepted.</param>
/// <param name="Hidden">Uses of either that no interceptor can reach.</param>
/// <param name="Layers">Where the file's modules create their layers.</param>
/// <param name="Elements">Where they create the elements of lists of layers.</param>
internal sealed record InstrumentedFile(
    string Path,
    EquatableArray<ForwardSite> Forwards,
    EquatableArray<ActivationSite> Activations,
    EquatableArray<HiddenSite> Hidden,
    EquatableArray<LayerSource> Layers,
    EquatableArray<LayerElement> Elements)
{
    public bool IsEmpty => Forwards.Count + Activations.Count + Hidden.Count + Layers.Count + Elements.Count == 0;
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
/// <param name="IsExp">True where the call is the <c>exp</c> inside a sigmoid written with operators.</param>
internal sealed record ActivationSite(
    Place Place, InterceptedSignature Signature, string Attribute, string Function, int Ordinal, ActivationRole Role, bool IsExp = false);

/// <summary>A use of <c>forward</c> or of an activation that no interceptor can reach.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Name">What is used.</param>
/// <param name="Reason">Why it cannot be seen, and what to write instead.</param>
internal sealed record HiddenSite(Place Place, string Name, string Reason);

/// <summary>Where a module class creates a layer.</summary>
/// <param name="Type">Metadata name of the module class.</param>
/// <param name="Name">Name under which the layer is registered, with the names inside a Sequential after dots and <c>*</c> for what a loop puts into it.</param>
/// <param name="Line">Line, counted from 1.</param>
internal sealed record LayerSource(string Type, string Name, int Line);

/// <summary>Where a module class creates an element of a list of layers.</summary>
/// <param name="Type">Metadata name of the module class.</param>
/// <param name="List">Name under which the list is registered.</param>
/// <param name="Line">Line, counted from 1.</param>
/// <param name="Order">Which of the list's additions, in the order of the code.</param>
/// <param name="ElementType">Metadata name of the element's class; empty where the code does not tell.</param>
/// <param name="Times">How often it is added.</param>
internal sealed record LayerElement(string Type, string List, int Line, int Order, string ElementType, ElementTimes Times);

/// <summary>How often a line adds an element.</summary>
internal enum ElementTimes
{
    /// <summary>Once.</summary>
    Once,

    /// <summary>Once a turn of the list's one loop.</summary>
    EachTurn,

    /// <summary>The code does not tell, of none of the list's elements.</summary>
    Unknown,
}

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
