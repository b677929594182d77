using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph.Building;

internal sealed partial class Interpreter
{
    private Value ReadElement(Value collection, ImmutableArray<Value> indices, IOperation at)
    {
        var index = indices.FirstOrDefault();
        switch (collection)
        {
            case TensorValue { Write: { } write } when index is IndexValue position && indices.Length == 1:
                return position.IsSame(write.Index)
                    ? new TensorValue(write.Element)
                    : new TensorValue(Torch.Tensors.Slice(write.Before, indices, at.Syntax.GetLocation()));
            case TensorValue or WeightValue:
                return new TensorValue(Torch.Tensors.Slice(Node(collection, at.Syntax.GetLocation()), indices, at.Syntax.GetLocation()));
            case ListValue list when index is not null:
                return ReadElement(list, index, at);
            case UnknownValue { IsOutside: true } whole when at.Type is { } given:
                return Outside(given, index?.AsText() ?? "", at.Syntax.GetLocation(), whole.IsData);
            default:
                return at.Type is { } type && _symbols.IsTensor(type)
                    ? new TensorValue(Emitter.Unknown("an element of a collection that is not followed", at.Syntax.GetLocation()))
                    : Unknown("an element of a collection that is not followed", at);
        }
    }

    private Value ReadElement(ListValue list, Value index, IOperation at)
    {
        var content = list.Content;
        if (Position(content, index) is { } position && position >= 0 && position < content.Items.Length)
            return content.Items[position];
        if (index is IndexValue symbolic)
        {
            if (content.Write is var (written, element) && written.IsSame(symbolic))
                return element;
            if (content.Items.Append(content.Further).Any(item => item is not (null or TensorValue or ConstantValue { Content: null })))
                RequireUnrolling(symbolic.Loop);
        }

        var candidates = content.Items.Append(content.Further).Where(item => item is not null && !item.IsNull()).Distinct().ToArray();
        if (content.Further is not null && content.Further is not ConstantValue && index is IndexValue)
            return content.Further;
        if (candidates.Length == 0 || (candidates.Length > 1 && candidates.Any(item => item!.IsModule())))
            return Unknown("picked by an index not known at compile time", at);
        return candidates.Aggregate((left, right) => Merge(left, right, at))!;
    }

    private static int? Position(ListContent content, Value index)
    {
        if (index is ConstantValue { Content: string key })
            return content.Keys.IndexOf(key);
        if (index is ConstantValue { Content: Tuple<long?> { Item1: { } back } })
            return content.Further is null ? content.Items.Length - (int)back : null;
        return index.AsInteger() is { } number ? (int)number : null;
    }

    private void WriteElement(IOperation collection, ImmutableArray<Value> indices, Value value, Frame frame, IOperation at)
    {
        switch (Evaluate(collection, frame))
        {
            case ListValue list:
                _store.Write(list.Slot, WithElement(list.Content, indices[0], value, at));
                break;
            case TensorValue tensor:
                var location = at.Syntax.GetLocation();
                var element = Node(value, location);
                if (indices is [IndexValue index])
                {
                    var before = tensor.Write?.Before ?? tensor.Node;
                    var stretched = Emitter.Reshape(element, before.Shape, location);
                    Assign(collection, new TensorValue(stretched, new IndexedWrite(index, element, before)), frame);
                }
                else
                {
                    Assign(collection, new TensorValue(Emitter.Add(new ConcatNode(location, tensor.Node, element) { Shape = tensor.Node.Shape })), frame);
                }

                break;
        }
    }

    private ListContent WithElement(ListContent content, Value index, Value value, IOperation at)
    {
        if (value.IsModule())
            RequireUnrolling();
        if (index is ConstantValue { Content: string key } && !content.Keys.Contains(key) && content.Keys.Length == content.Items.Length)
            return new ListContent(content.Items.Add(value)) { Keys = content.Keys.Add(key), Further = content.Further };
        if (Position(content, index) is { } position && position >= 0 && position < content.Items.Length)
            return new ListContent(content.Items.SetItem(position, value)) { Keys = content.Keys, Further = content.Further };
        if (index is IndexValue symbolic)
            return new ListContent(content.Items) { Keys = content.Keys, Further = content.Further, Write = (symbolic, value) };
        return new ListContent(content.Items) { Keys = content.Keys, Further = content.Further is null ? value : Merge(content.Further, value, at) };
    }

    /// <summary>Adds one element at the end. Inside a loop whose length is not known it stands for all that are added.</summary>
    private void Append(ListValue list, Value value, string? key = null)
    {
        if (ShapesModel(value))
            RequireUnrolling();
        var content = list.Content;
        if (_loops.Count > 0 || content.Further is not null || content.Items.Length >= GraphLimits.UnrolledIterations)
        {
            _store.Write(list.Slot, new ListContent(content.Items) { Keys = content.Keys, Further = value });
            return;
        }

        var keys = content.Keys;
        if (key is not null || !keys.IsEmpty)
        {
            keys = keys.AddRange(Enumerable.Range(keys.Length, content.Items.Length - keys.Length).Select(Numbered));
            keys = keys.Add(key ?? Numbered(keys.Length));
        }

        _store.Write(list.Slot, new ListContent(content.Items.Add(value)) { Keys = keys });
    }

    /// <summary>True for what models are put together from: modules, functions, widths and names.</summary>
    private static bool ShapesModel(Value value) =>
        value.IsModule() || value is FunctionValue or ConstantValue || (value is TupleValue tuple && tuple.Items.Any(item => item.IsModule()));

    private static string Numbered(int position) => position.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private void AppendAll(ListValue list, Value values)
    {
        if (values is ListValue { Content: var content })
        {
            foreach (var item in content.Items)
                Append(list, item);
            if (content.Further is not null)
                _store.Write(list.Slot, new ListContent(list.Content.Items) { Further = content.Further });
        }
        else
        {
            _store.Write(list.Slot, new ListContent(list.Content.Items) { Further = values });
        }
    }
}
