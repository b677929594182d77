using System.ComponentModel;
using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Instrumentation;

/// <summary>A place in the code where an activation function is called. Written by the generator.</summary>
/// <param name="type">Metadata name of the enclosing type.</param>
/// <param name="member">Enclosing method or property.</param>
/// <param name="function">The function.</param>
/// <param name="file">Path within the project.</param>
/// <param name="line">Line, counted from 1.</param>
/// <param name="ordinal">Which of several equal calls on one line, counted from 0.</param>
/// <param name="role">What the code does with the result.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ActivationSite(string type, string member, string function, string file, int line, int ordinal, ActivationRole role)
{
    internal ActivationPlace Place { get; } = new(type, member, function, file, line, ordinal, role == ActivationRole.State, role == ActivationRole.Gate);
}

/// <summary>What the code does with an activation's result, where that decides how it is judged.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum ActivationRole
{
    /// <summary>It goes on to whatever comes next.</summary>
    Plain,

    /// <summary>It is the state of a recurrence written as a loop.</summary>
    State,

    /// <summary>It is multiplied with another tensor.</summary>
    Gate,
}
