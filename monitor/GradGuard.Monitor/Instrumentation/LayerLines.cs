using System.IO.Enumeration;
using GradGuard.Monitor.Capture;

namespace GradGuard.Monitor.Instrumentation;

/// <summary>Which line of the program created a layer.</summary>
internal sealed class LayerLines
{
    private readonly Dictionary<(string Type, string Name), CodeLine> _layers = [];
    private readonly ILookup<string, LayerSourceAttribute> _patterns;
    private readonly ILookup<(string Type, string List), LayerElementAttribute> _elements;
    private readonly IReadOnlyList<HookedLayer> _modules;

    /// <param name="modules">The model and its modules.</param>
    /// <param name="rows">What the generator wrote down.</param>
    public LayerLines(IReadOnlyList<HookedLayer> modules, IReadOnlyList<CallSiteAttribute> rows)
    {
        _modules = modules;
        foreach (var layer in rows.OfType<LayerSourceAttribute>())
            _layers.TryAdd((layer.Type, layer.Name), new CodeLine(layer.File, layer.Line));
        _patterns = rows.OfType<LayerSourceAttribute>().Where(static layer => layer.Name.Contains('*', StringComparison.Ordinal)).ToLookup(static layer => layer.Type);
        _elements = rows.OfType<LayerElementAttribute>().ToLookup(static element => (element.Type, element.List));
    }

    /// <summary>The line that created a layer; else the one that created what holds it, from the inside out. Null where the code does not tell.</summary>
    public CodeLine? Of(HookedLayer layer)
    {
        for (var path = layer.Description.Path; path.Length > 0; path = path[..Math.Max(0, path.LastIndexOf('.'))])
        {
            foreach (var owner in _modules)
            {
                var prefix = owner.Description.Path.Length == 0 ? "" : owner.Description.Path + ".";
                if (path.Length <= prefix.Length || !path.StartsWith(prefix, StringComparison.Ordinal))
                    continue;
                foreach (var type in WrittenCalls.OwnTypes(owner.Module))
                {
                    if (Within(type.FullName ?? type.Name, prefix, path[prefix.Length..]) is { } line)
                        return line;
                }
            }
        }

        return null;
    }

    private CodeLine? Within(string type, string prefix, string name)
    {
        if (_layers.TryGetValue((type, name), out var line))
            return line;
        var dot = name.LastIndexOf('.');
        return dot < 0 ? ByPattern(type, name) : ByElement([.. _elements[(type, name[..dot])]], prefix + name[..dot], name[(dot + 1)..]);
    }

    private CodeLine? ByPattern(string type, string name)
    {
        var fitting = _patterns[type].Where(pattern => FileSystemName.MatchesSimpleExpression(pattern.Name, name, ignoreCase: false)).Take(2).ToList();
        return fitting is [var only] ? new CodeLine(only.File, only.Line) : null;
    }

    /// <summary>The addition that an element comes from: by its place in the list, and where that does not tell, by its class.</summary>
    private CodeLine? ByElement(LayerElementAttribute[] additions, string list, string name)
    {
        if (additions.Length == 0 || _modules.FirstOrDefault(module => module.Description.Path == list) is not { } container)
            return null;
        var children = container.Module.named_children().ToList();
        var index = children.FindIndex(child => child.name == name);
        if (index < 0)
            return null;
        var type = children[index].module.GetType();
        additions = [.. additions.OrderBy(static addition => addition.Order)];
        if (ByPlace(additions, index, children.Count) is { } placed && IsA(type, placed.ElementType))
            return placed.Place;
        var lines = additions.Where(addition => IsA(type, addition.ElementType)).Select(static addition => addition.Place).Distinct().Take(2).ToList();
        return lines is [var only] ? only : null;
    }

    /// <summary>One loop at most, with what was added before it and after it.</summary>
    private static LayerElementAttribute? ByPlace(LayerElementAttribute[] additions, int index, int count)
    {
        if (Array.Exists(additions, static addition => addition.Times == ElementTimes.Unknown))
            return null;
        var before = additions.TakeWhile(static addition => addition.Times == ElementTimes.Once).Count();
        var turn = additions.Count(static addition => addition.Times == ElementTimes.EachTurn);
        var after = additions.Length - before - turn;
        var repeated = count - before - after;
        if (turn == 0 ? repeated != 0 : repeated < 0 || repeated % turn != 0)
            return null;
        if (index < before)
            return additions[index];
        return index >= count - after ? additions[^(count - index)] : additions[before + ((index - before) % turn)];
    }

    private static bool IsA(Type type, string name)
    {
        for (var current = type; current is not null && name.Length > 0; current = current.BaseType)
        {
            if ((current.IsGenericType ? current.GetGenericTypeDefinition() : current).FullName == name)
                return true;
        }

        return name.Length == 0;
    }
}

/// <summary>A line of the program.</summary>
internal sealed record CodeLine(string File, int Line);
