namespace GradGuard.Monitor.Recording;

/// <summary>Where the program calls an activation function.</summary>
/// <param name="Type">Metadata name of the type whose code calls it; empty where that is not known.</param>
/// <param name="Member">Method or property that calls it.</param>
/// <param name="Function">Name of the function, without the underscore of an in-place form.</param>
/// <param name="File">Path within the project.</param>
/// <param name="Line">Line, counted from 1.</param>
/// <param name="Ordinal">Which of several equal calls on one line, counted from 0.</param>
internal sealed record ActivationPlace(string Type, string Member, string Function, string File, int Line, int Ordinal)
{
    /// <summary>The name within its type: <c>forward:relu@42</c>.</summary>
    public string LocalName => Ordinal == 0 ? $"{Member}:{Function}@{Line}" : $"{Member}:{Function}@{Line}#{Ordinal + 1}";

    /// <summary>The name with its type: <c>MyModel.forward:relu@42</c>.</summary>
    public string Name => $"{ShortType}.{LocalName}";

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
