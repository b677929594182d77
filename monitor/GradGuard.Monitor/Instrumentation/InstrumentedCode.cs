using System.Reflection;
using GradGuard.Monitor.Capture;
using GradGuard.Monitor.Recording;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Instrumentation;

/// <summary>The tables that the generator left in the assemblies of a model's own classes.</summary>
internal sealed class InstrumentedCode
{
    private readonly LayerLines _lines;

    private InstrumentedCode(IReadOnlyList<HookedLayer> modules, HashSet<string> types, IReadOnlyList<Assembly> assemblies)
    {
        var tables = assemblies.Select(static assembly => (Assembly: assembly, Rows: assembly.GetCustomAttributes<CallSiteAttribute>().ToList())).ToList();
        var rows = tables.SelectMany(static table => table.Rows).ToList();
        _lines = new LayerLines(modules, rows);
        ForwardCalls = rows.OfType<ForwardCallsAttribute>().Where(row => types.Contains(row.Type)).Sum(static row => row.Calls);
        Activations = [.. rows.OfType<ActivationCallSiteAttribute>().Select(static call => call.Place).Where(place => types.Contains(place.Type))];
        Hidden = [.. tables.SelectMany(static table => table.Rows.OfType<HiddenCallSiteAttribute>().Select(row => (table.Assembly, Row: row)))
            .Where(hidden => types.Contains(hidden.Row.Type) || !IsModule(hidden.Assembly, hidden.Row.Type))
            .Select(static hidden => new HiddenCode($"{hidden.Row.Name} at {hidden.Row.File}:{hidden.Row.Line}", hidden.Row.Reason))];
        IsComplete = tables.Count > 0 && tables.TrueForAll(static table => table.Rows.Count > 0);
    }

    /// <summary>Calls of <c>forward</c> in the model's classes that are intercepted.</summary>
    public int ForwardCalls { get; }

    /// <summary>Calls of activation functions in the model's classes that are intercepted.</summary>
    public IReadOnlyList<ActivationPlace> Activations { get; }

    /// <summary>What interceptors do not reach, in the model's classes and in code outside of modules.</summary>
    public IReadOnlyList<HiddenCode> Hidden { get; }

    /// <summary>True when the model has classes of the program's, all of them built with instrumentation.</summary>
    public bool IsComplete { get; }

    /// <summary>Reads the tables that concern a model.</summary>
    /// <param name="modules">The model and its modules.</param>
    public static InstrumentedCode Of(IReadOnlyList<HookedLayer> modules)
    {
        var types = modules.SelectMany(static module => WrittenCalls.OwnTypes(module.Module)).Distinct().ToList();
        return new InstrumentedCode(modules, [.. types.Select(static type => type.FullName ?? type.Name)], [.. types.Select(static type => type.Assembly).Distinct()]);
    }

    /// <summary>The line that created a layer; null where the code does not tell.</summary>
    public CodeLine? SourceOf(HookedLayer layer) => _lines.Of(layer);

    private static bool IsModule(Assembly assembly, string type) => assembly.GetType(type) is { } known && known.IsAssignableTo(typeof(nn.Module));
}
