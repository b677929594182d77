namespace GradGuard.Monitor.Recording;

/// <summary>Where the program calls an activation function.</summary>
/// <param name="Type">Metadata name of the type whose code calls it; empty where that is not known.</param>
/// <param name="Member">Method or property that calls it.</param>
/// <param name="Function">Name of the function, without the underscore of an in-place form; empty for a probe.</param>
/// <param name="File">Path within the project.</param>
/// <param name="Line">Line, counted from 1.</param>
/// <param name="Ordinal">Which of several equal calls on one line, counted from 0.</param>
/// <param name="IsState">True when the result is the state of a recurrence written as a loop.</param>
/// <param name="IsGate">True when the result is multiplied with another tensor: closing is its work, and flat is no fault.</param>
internal sealed record ActivationPlace(string Type, string Member, string Function, string File, int Line, int Ordinal, bool IsState = false, bool IsGate = false)
{
    /// <summary>A place that the program named itself.</summary>
    public static ActivationPlace Probe(string name) => new("", name, "", "", 0, 0);

    /// <summary>The name within its type: <c>forward:relu@42</c>.</summary>
    public string LocalName => Function.Length == 0 ? Member : Ordinal == 0 ? $"{Member}:{Function}@{Line}" : $"{Member}:{Function}@{Line}#{Ordinal + 1}";

    /// <summary>The name with its type: <c>MyModel.forward:relu@42</c>.</summary>
    public string Name => Type.Length == 0 ? LocalName : $"{ShortType}.{LocalName}";

    private string ShortType
    {
        get
        {
            var name = Type[(Type.LastIndexOfAny(['.', '+']) + 1)..];
            var arity = name.IndexOf('`', StringComparison.Ordinal);
            return arity < 0 ? name : name[..arity];
        }
    }
}
