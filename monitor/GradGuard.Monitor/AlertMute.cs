using System.IO.Enumeration;

namespace GradGuard.Monitor;

/// <summary>Findings that are not to be told.</summary>
/// <param name="Id">Catalogue number; <c>*</c> and <c>?</c> stand for any characters and any one character, as in <c>GG900?</c>.</param>
/// <param name="Layer">Module path as in <c>named_modules()</c>, with the same two wildcards: <c>decoder.*</c>. <c>*</c> covers every layer and the model itself.</param>
public sealed record AlertMute(string Id, string Layer = "*")
{
    /// <remarks>No file has an empty name, so <see cref="FileSystemName"/> matches nothing to the path of the model itself, not even <c>*</c>.</remarks>
    internal bool Covers(string id, string layer)
        => FileSystemName.MatchesSimpleExpression(Id, id, ignoreCase: false)
            && (Layer == "*" || FileSystemName.MatchesSimpleExpression(Layer, layer, ignoreCase: false));
}
