using System.ComponentModel;
using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Instrumentation;

/// <summary>A row of the tables that the generator leaves in an assembly.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CallSiteAttribute : Attribute
{
    private protected CallSiteAttribute()
    {
    }
}

/// <summary>The calls of <c>forward</c> that are intercepted in one type and file. Written by the generator.</summary>
/// <param name="type">Metadata name of the enclosing type.</param>
/// <param name="file">Path within the project: the compiler keeps one of several equal attributes, and a partial class has several files.</param>
/// <param name="calls">Their number.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ForwardCallsAttribute(string type, string file, int calls) : CallSiteAttribute
{
    internal string Type => type;

    internal string File => file;

    internal int Calls => calls;
}

/// <summary>A call of an activation function that is intercepted. Written by the generator.</summary>
/// <param name="type">Metadata name of the enclosing type.</param>
/// <param name="member">Enclosing method or property.</param>
/// <param name="function">The function.</param>
/// <param name="file">Path within the project.</param>
/// <param name="line">Line, counted from 1.</param>
/// <param name="ordinal">Which of several equal calls on one line, counted from 0.</param>
/// <param name="role">What the code does with the result.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ActivationCallSiteAttribute(string type, string member, string function, string file, int line, int ordinal, ActivationRole role) : CallSiteAttribute
{
    internal ActivationPlace Place { get; } = new(type, member, function, file, line, ordinal, role == ActivationRole.State, role == ActivationRole.Gate);
}

/// <summary>A use of <c>forward</c> or of an activation function that no interceptor reaches. Written by the generator.</summary>
/// <param name="type">Metadata name of the enclosing type.</param>
/// <param name="name">What is used.</param>
/// <param name="file">Path within the project.</param>
/// <param name="line">Line, counted from 1.</param>
/// <param name="reason">Why it cannot be seen.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class HiddenCallSiteAttribute(string type, string name, string file, int line, string reason) : CallSiteAttribute
{
    internal string Type => type;

    internal string Name => name;

    internal string File => file;

    internal int Line => line;

    internal string Reason => reason;
}

/// <summary>Where a module class creates an element of a list of layers. Written by the generator.</summary>
/// <param name="type">Metadata name of the module class.</param>
/// <param name="list">Name under which the list is registered.</param>
/// <param name="file">Path within the project.</param>
/// <param name="line">Line, counted from 1.</param>
/// <param name="order">Which of the list's additions, in the order of the code.</param>
/// <param name="elementType">Metadata name of the element's class; empty where the code does not tell.</param>
/// <param name="times">How often it is added.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class LayerElementAttribute(string type, string list, string file, int line, int order, string elementType, ElementTimes times) : CallSiteAttribute
{
    internal string Type => type;

    internal string List => list;

    internal CodeLine Place => new(file, line);

    internal int Order => order;

    internal string ElementType => elementType;

    internal ElementTimes Times => times;
}

/// <summary>How often a line adds an element to a list of layers.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum ElementTimes
{
    /// <summary>Once.</summary>
    Once,

    /// <summary>Once a turn of the list's one loop.</summary>
    EachTurn,

    /// <summary>The code does not tell, of none of the list's elements.</summary>
    Unknown,
}

/// <summary>Where a module class creates a layer. Written by the generator.</summary>
/// <param name="type">Metadata name of the module class.</param>
/// <param name="name">Name under which the layer is registered, with <c>*</c> for what a loop puts into it.</param>
/// <param name="file">Path within the project.</param>
/// <param name="line">Line, counted from 1.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class LayerSourceAttribute(string type, string name, string file, int line) : CallSiteAttribute
{
    internal string Type => type;

    internal string Name => name;

    internal string File => file;

    internal int Line => line;
}
