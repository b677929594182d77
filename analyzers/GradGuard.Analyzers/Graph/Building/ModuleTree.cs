using System.Globalization;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>Modules within modules: their names as <c>named_modules()</c> gives them, and the weights they hold.</summary>
internal static class ModuleTree
{
    /// <summary>Names a module or parameter, and all it holds, by where it is kept.</summary>
    public static void Assign(Value value, string path) => Assign(value, path, []);

    /// <summary>Names what a root module keeps; the root itself has no name. What is kept in two places goes by the first.</summary>
    public static void AssignFrom(InstanceValue root)
    {
        var named = new HashSet<Value> { root };
        foreach (var (name, child) in Children(root))
            Assign(child, name, named);
    }

    private static void Assign(Value value, string path, HashSet<Value> named)
    {
        if (!named.Add(value))
            return;
        switch (value)
        {
            case ModuleValue module:
                module.Path = path;
                if (module.Layer is { } layer)
                    layer.Path = path;
                break;
            case TensorValue { Node: TensorNode tensor }:
                tensor.Layer.Path = path;
                break;
            case InstanceValue instance:
                instance.Path = path;
                foreach (var (name, child) in Children(instance))
                    Assign(child, Join(path, name), named);
                break;
            case ListValue list:
                foreach (var (name, child) in Children(list))
                    Assign(child, Join(path, name), named);
                break;
            case ChoiceValue choice:
                foreach (var alternative in choice.Alternatives)
                    Assign(alternative, path, named);
                break;
        }
    }

    /// <summary>Every module of a tree, children before the module that holds them, as <c>apply</c> visits them.</summary>
    public static IEnumerable<Value> Of(Value root)
    {
        var seen = new HashSet<Value>();
        var found = new List<Value>();
        Visit(root, seen, found);
        return found;
    }

    public static bool IsKnown(Value value) => value is ModuleValue or InstanceValue or ListValue { Content: { Further: null, Alternatives.IsEmpty: true } };

    public static ListValue List(Value root, string method)
    {
        var modules = method is "children" or "named_children" ? Children(root).Select(child => child.Child).Where(child => child.IsModule()) : Of(root);
        IEnumerable<Value> items = method switch
        {
            "modules" or "children" => modules,
            "named_modules" or "named_children" => modules.Select(module => new TupleValue([new ConstantValue(PathOf(module)), module])),
            "parameters" => modules.SelectMany(Weights).Select(weight => weight.Weight),
            _ => modules.SelectMany(module => Weights(module)
                .Select(weight => new TupleValue([new ConstantValue(Join(PathOf(module), weight.Name)), weight.Weight]))),
        };
        return new ListValue(new ListContent([.. items]));
    }

    /// <summary>A weight by name: <c>weight</c>, <c>bias</c>, <c>weight_hh_l0</c>, <c>fc.weight</c>.</summary>
    public static Value? Parameter(Value root, string name)
    {
        var dot = name.LastIndexOf('.');
        if (dot >= 0)
        {
            var path = name.Substring(0, dot);
            var owner = Of(root).FirstOrDefault(module => PathOf(module) == path);
            return owner is null ? null : Parameter(owner, name.Substring(dot + 1));
        }

        return root is ModuleValue { Layer: { } layer } && RoleOf(name) is { } role ? new WeightValue(layer, role) : null;
    }

    public static WeightRole? RoleOf(string name) => name switch
    {
        _ when name.Contains("weight_hh") => WeightRole.RecurrentWeight,
        _ when name.Contains("weight") => WeightRole.Weight,
        _ when name.Contains("bias") => WeightRole.Bias,
        _ => null,
    };

    private static void Visit(Value value, HashSet<Value> seen, List<Value> found)
    {
        if (!seen.Add(value))
            return;
        foreach (var (_, child) in Children(value))
            Visit(child, seen, found);
        if (value.IsModule())
            found.Add(value);
    }

    private static IEnumerable<(string Name, Value Child)> Children(Value value) => value switch
    {
        InstanceValue instance => instance.Registered.Concat(instance.Members
            .Where(member => member.Key is not Microsoft.CodeAnalysis.IParameterSymbol && member.Value.Value is not null)
            .Select(member => (member.Key.Name, member.Value.Value!))),
        ListValue list => list.Content.Alternatives.Prepend(list.Content).SelectMany(content => content.Items.Select((item, index) =>
            (index < content.Keys.Length ? content.Keys[index] : index.ToString(CultureInfo.InvariantCulture), item))),
        _ => [],
    };

    private static IEnumerable<(string Name, Value Weight)> Weights(Value module)
    {
        if (module is not ModuleValue { Layer: { } layer })
            yield break;
        var isRecurrent = layer.Kind is LayerKind.Rnn or LayerKind.Lstm or LayerKind.Gru;
        yield return (isRecurrent ? "weight_ih_l0" : "weight", new WeightValue(layer, WeightRole.Weight));
        if (layer.RecurrentWeight is not null)
            yield return ("weight_hh_l0", new WeightValue(layer, WeightRole.RecurrentWeight));
        if (layer.HasBias)
            yield return (isRecurrent ? "bias_ih_l0" : "bias", new WeightValue(layer, WeightRole.Bias));
    }

    private static string PathOf(Value module) => module switch
    {
        ModuleValue known => known.Path,
        InstanceValue instance => instance.Path,
        _ => "",
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
