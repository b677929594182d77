using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>The part of .NET's own library that models are built with: lists, dictionaries, LINQ over them, <c>Math</c>.</summary>
internal static class Library
{
    /// <summary>A new collection; null for any other type.</summary>
    public static Value? Create(Interpreter interpreter, INamedTypeSymbol type, ArgumentMap arguments)
    {
        if (!IsCollection(type))
            return null;
        var list = new ListValue(ListContent.Empty);
        if (arguments.At(0) is ListValue or TensorValue)
            interpreter.AddAll(list, arguments.At(0)!);
        return list;
    }

    /// <summary>The result of a call, null where it is not one of those known here.</summary>
    public static Value? Call(Interpreter interpreter, IMethodSymbol method, Value? receiver, ArgumentMap arguments, IOperation at)
    {
        if (method.ContainingType is { Name: "Math" or "MathF", ContainingNamespace.Name: "System" })
            return Mathematics(method.Name, [.. arguments.All.Select(argument => argument.Value.AsNumber())]) is { } number ? new ConstantValue(number) : null;
        if (method.Name is "Range" && arguments.Integer("start") is { } start && arguments.Integer("count") is { } count and <= GraphLimits.UnrolledIterations)
            return new ListValue(new ListContent([.. Enumerable.Range((int)start, (int)count).Select(item => new ConstantValue(item))]));
        if (method.Name is "Repeat" && arguments.Integer("count") is { } times and <= GraphLimits.UnrolledIterations && arguments.At(0) is { } repeated)
            return new ListValue(new ListContent([.. Enumerable.Repeat(repeated, (int)times)]));
        if (receiver is ConstantValue { Content: string text } && arguments.At(0)?.AsText() is { } other && arguments.All.Count == 1)
            return Text(method.Name, text, other) is { } truth ? new ConstantValue(truth) : null;
        if (receiver is ListValue list)
            return Change(interpreter, list, method.Name, arguments);
        return receiver is null && arguments.At(0) is ListValue source ? Query(interpreter, source, method, arguments, at) : null;
    }

    private static bool? Text(string method, string text, string other) => method switch
    {
        "Contains" => text.Contains(other),
        "StartsWith" => text.StartsWith(other, StringComparison.Ordinal),
        "EndsWith" => text.EndsWith(other, StringComparison.Ordinal),
        "Equals" => text == other,
        _ => null,
    };

    private static bool IsCollection(INamedTypeSymbol type) =>
        type.AllInterfaces.Any(face => face.SpecialType is SpecialType.System_Collections_IEnumerable) && type.SpecialType is not SpecialType.System_String;

    private static Value? Change(Interpreter interpreter, ListValue list, string method, ArgumentMap arguments)
    {
        switch (method)
        {
            case "Add" or "Enqueue" or "Push" or "AddLast" or "Append" when arguments.All.Count == 1:
                interpreter.Add(list, arguments.At(0)!);
                return ConstantValue.Null;
            case "Add" when arguments.At(0)?.AsText() is { } key:
                interpreter.Add(list, arguments.At(1)!, key);
                return ConstantValue.Null;
            case "AddRange":
                interpreter.AddAll(list, arguments.At(0)!);
                return ConstantValue.Null;
            case "Insert" when arguments.At(0)?.AsInteger() is { } at && at <= list.Content.Items.Length && list.Content.Further is null:
                interpreter.Replace(list, new ListContent(list.Content.Items.Insert((int)at, arguments.At(1)!)));
                return ConstantValue.Null;
            case "Clear":
                interpreter.Replace(list, ListContent.Empty);
                return ConstantValue.Null;
            case "Reverse" when arguments.All.Count == 0 && list.Content.Further is null:
                interpreter.Replace(list, new ListContent([.. list.Content.Items.Reverse()]));
                return ConstantValue.Null;
            case "ToArray":
                return new ListValue(list.Content);
            default:
                return null;
        }
    }

    private static Value? Query(Interpreter interpreter, ListValue source, IMethodSymbol method, ArgumentMap arguments, IOperation at)
    {
        var content = source.Content;
        if (content.Further is not null && method.Name is not ("ToArray" or "ToList" or "Select" or "Cast" or "AsEnumerable"))
            return null;
        var argument = arguments.At(1);
        var items = content.Items;
        switch (method.Name)
        {
            case "ToArray" or "ToList" or "Cast" or "AsEnumerable" or "AsReadOnly" or "ToImmutableArray":
                return new ListValue(new ListContent(items) { Keys = content.Keys, Further = content.Further });
            case "Select" when argument is FunctionValue function:
                var takesIndex = function.Method.Parameters.Length == 2;
                return new ListValue(new ListContent([.. items.Select((item, index) =>
                    takesIndex ? interpreter.Apply(function, at, item, new ConstantValue(index)) : interpreter.Apply(function, at, item))])
                {
                    Further = content.Further is null ? null : interpreter.Apply(function, at, content.Further),
                });
            case "Aggregate" when arguments.At(2) is FunctionValue fold:
                return items.Aggregate(argument!, (state, item) => interpreter.Apply(fold, at, state, item));
            case "Concat" or "Union" when argument is ListValue { Content.Further: null } other:
                return new ListValue(new ListContent(items.AddRange(other.Content.Items)));
            case "Append":
                return new ListValue(new ListContent(items.Add(argument!)));
            case "Prepend":
                return new ListValue(new ListContent(items.Insert(0, argument!)));
            case "Reverse":
                return new ListValue(new ListContent([.. items.Reverse()]));
            case "Skip" when argument?.AsInteger() is { } count:
                return new ListValue(new ListContent([.. items.Skip((int)count)]));
            case "Take" when argument?.AsInteger() is { } count:
                return new ListValue(new ListContent([.. items.Take((int)count)]));
            case "Zip" when argument is ListValue { Content.Further: null } other && arguments.All.Count == 2:
                return new ListValue(new ListContent([.. items.Zip(other.Content.Items, (a, b) => (Value)new TupleValue([a, b]))]));
            case "First" or "FirstOrDefault" when arguments.All.Count == 1 && items.Length > 0:
                return items[0];
            case "Last" or "LastOrDefault" when arguments.All.Count == 1 && items.Length > 0:
                return items[items.Length - 1];
            case "Count":
                return new ConstantValue((long)items.Length);
            default:
                return null;
        }
    }

    private static double? Mathematics(string name, double?[] x) => (name, x) switch
    {
        ("Sqrt", [{ } a]) => Math.Sqrt(a),
        ("Pow", [{ } a, { } b]) => Math.Pow(a, b),
        ("Log", [{ } a]) => Math.Log(a),
        ("Log2", [{ } a]) => Math.Log(a, 2),
        ("Log10", [{ } a]) => Math.Log10(a),
        ("Exp", [{ } a]) => Math.Exp(a),
        ("Abs", [{ } a]) => Math.Abs(a),
        ("Max", [{ } a, { } b]) => Math.Max(a, b),
        ("Min", [{ } a, { } b]) => Math.Min(a, b),
        ("Floor", [{ } a]) => Math.Floor(a),
        ("Ceiling", [{ } a]) => Math.Ceiling(a),
        ("Round", [{ } a]) => Math.Round(a),
        _ => null,
    };
}
