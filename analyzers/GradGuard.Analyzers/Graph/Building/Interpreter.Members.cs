using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Graph.Building;

internal sealed partial class Interpreter
{
    private Value Read(IOperation operation, Frame frame)
    {
        switch (operation)
        {
            case ILocalReferenceOperation local:
                return Remember(frame.Find(local.Local)?.Value, local) ?? Outside(local.Local.Type, local.Local.Name, local.Syntax.GetLocation());
            case IParameterReferenceOperation parameter:
                return ReadParameter(parameter, frame);
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } when frame.Implicit.Count > 0:
                return frame.Implicit.Peek();
            case IInstanceReferenceOperation:
                return frame.Self ?? Unknown("an object that is not followed", operation);
            case IFieldReferenceOperation field:
                return ReadField(field, frame);
            case IPropertyReferenceOperation property:
                return ReadProperty(property, frame);
            case IArrayElementReferenceOperation element:
                return ReadElement(Evaluate(element.ArrayReference, frame), EvaluateAll(element.Indices, frame), element);
            case IImplicitIndexerReferenceOperation element:
                return ReadElement(Evaluate(element.Instance, frame), [Evaluate(element.Argument, frame)], element);
            default:
                return Unknown($"{operation.Kind} is not followed", operation);
        }
    }

    private Value ReadParameter(IParameterReferenceOperation reference, Frame frame)
    {
        var parameter = reference.Parameter;
        if (Remember(frame.Find(parameter)?.Value, reference) is { } value)
            return value;
        return (frame.Self as InstanceValue)?.Read(parameter) ?? Outside(parameter.Type, parameter.Name, reference.Syntax.GetLocation());
    }

    /// <summary>A value that comes from outside the code looked at: an input where it is a tensor, otherwise unknown.</summary>
    /// <param name="type">Its static type.</param>
    /// <param name="name">How messages name it.</param>
    /// <param name="location">Where it comes in.</param>
    /// <param name="isData">True for an element of a loader and its parts.</param>
    private Value Outside(ITypeSymbol type, string name, Location location, bool isData = false)
    {
        if (_symbols.IsTensor(type))
            return new TensorValue(Emitter.Add(new InputNode(name, location) { IsData = isData }));
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            return Outside(nullable.TypeArguments[0], name, location, isData);
        if (type is INamedTypeSymbol { IsTupleType: true } tuple)
            return new TupleValue([.. tuple.TupleElements.Select(element => Outside(element.Type, $"{name}.{element.Name}", location, isData))]);
        if (ElementType(type) is { } element && _symbols.IsTensor(element))
            return new ListValue(new ListContent(ImmutableArray<Value>.Empty) { Further = Outside(element, name, location, isData) });
        if (OutsideModule(type, location) is { } module)
            return module;
        return _symbols.IsModule(type)
            ? new UnknownValue($"the module '{name}' comes from outside", location)
            : new UnknownValue($"'{name}' comes from outside", location) { IsOutside = type.TypeKind is not TypeKind.Delegate, IsData = isData };
    }

    /// <summary>A module whose class settles what calling it does: a loss of TorchSharp, or a class of the program's own that none derives from.</summary>
    private Value? OutsideModule(ITypeSymbol type, Location location)
    {
        if (_symbols.OperationOfModule(type) is TorchOperation.Loss loss)
            return new ModuleValue(loss, ArgumentMap.Empty, null, type, location);
        return type is INamedTypeSymbol named && _symbols.IsUserModule(named) && _resolver.IsExact(named) ? ConstructUnknown(named) : null;
    }

    private static ITypeSymbol? ElementType(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol { TypeArguments.Length: 1 } list when list.AllInterfaces.Append(list)
            .Any(face => face.OriginalDefinition.SpecialType is SpecialType.System_Collections_Generic_IEnumerable_T) => list.TypeArguments[0],
        _ => null,
    };

    private Value ReadField(IFieldReferenceOperation reference, Frame frame)
    {
        var field = reference.Field;
        if (reference.Instance is null)
            return StaticValue(field, frame, reference);
        var receiver = Evaluate(reference.Instance, frame);
        if (receiver is TupleValue tuple && (field.CorrespondingTupleField ?? field) is var item && TupleIndex(item.Name) is { } index && index < tuple.Items.Length)
            return tuple.Items[index];
        if (receiver is InstanceValue instance)
            return Remember(instance.Read(field), reference) ?? Outside(field.Type, field.Name, reference.Syntax.GetLocation());
        return Outside(field.Type, field.Name, reference.Syntax.GetLocation());
    }

    private Value StaticValue(ISymbol member, Frame frame, IOperation at)
    {
        var type = (member as IFieldSymbol)?.Type ?? ((IPropertySymbol)member).Type;
        var initializer = _resolver.BlocksOf(member).OfType<ISymbolInitializerOperation>().FirstOrDefault();
        return initializer is null || (member is IFieldSymbol { IsReadOnly: false } && !_symbols.IsModule(type))
            ? Outside(type, member.Name, at.Syntax.GetLocation())
            : Evaluate(initializer.Value, new Frame(frame.Method, null, null));
    }

    private static int? TupleIndex(string name) =>
        name.StartsWith("Item", StringComparison.Ordinal) && int.TryParse(name.Substring(4), out var number) ? number - 1 : null;

    private Value ReadProperty(IPropertyReferenceOperation reference, Frame frame)
    {
        var property = reference.Property;
        if (reference.Instance is null)
            return property.GetMethod is { } get && BodyOf(get) is { } body && !_symbols.IsDeclaredInTorchSharp(property)
                ? Invoke(get, body, null, ArgumentMap.Empty, null, reference)
                : StaticValue(property, frame, reference);
        var receiver = Evaluate(reference.Instance, frame);
        if (property.IsIndexer && receiver is not InstanceValue)
            return ReadElement(receiver, [.. Arguments(reference.Arguments, frame).All.Select(argument => argument.Value)], reference);
        switch (receiver)
        {
            case InstanceValue instance when FindImplementation(instance.Type, property) is { } found:
                return ReadUserProperty(instance, found, reference);
            case InstanceValue:
                return Outside(property.Type, property.Name, reference.Syntax.GetLocation());
            case ListValue list when property.Name is "Count" or "Length":
                return list.Content.Further is null ? new ConstantValue((long)list.Content.Items.Length) : Unknown("a length not known at compile time", reference);
            case ListValue { Content: var content } when property.Name is "Values":
                return new ListValue(new ListContent(content.Items) { Further = content.Further });
            case ListValue { Content: var content } when property.Name is "Keys":
                return new ListValue(new ListContent([.. content.Keys.Select(key => new ConstantValue(key))]));
            case TupleValue tuple when TupleIndex(property.Name) is { } index && index < tuple.Items.Length:
                return tuple.Items[index];
            case TupleValue { Items.Length: 2 } pair when property is { Name: "Key" or "Value", ContainingType.Name: "KeyValuePair" }:
                return pair.Items[property.Name is "Key" ? 0 : 1];
            case ConstantValue or TupleValue when property.Name is "Value":
                return receiver;
            case TensorValue or WeightValue:
                return Torch.Property(property, receiver, reference);
            case ModuleValue module:
                return Torch.Property(property, module, reference);
            case UnknownValue when receiver is not null && _symbols.IsTensor(property.Type):
                return new TensorValue(Emitter.Unknown($"'{property.Name}' of an object that is not followed", reference.Syntax.GetLocation()));
            default:
                return property.Name is "Value" && receiver is not null ? receiver : Outside(property.Type, property.Name, reference.Syntax.GetLocation());
        }
    }

    private Value ReadUserProperty(InstanceValue instance, IPropertySymbol property, IOperation at)
    {
        if (instance.Read(property) is { } value)
            return value;
        if (property.GetMethod is { } get && BodyOf(get) is { } body)
            return Invoke(get, body, instance, ArgumentMap.Empty, null, at);
        return Outside(property.Type, property.Name, at.Syntax.GetLocation());
    }

    /// <summary>Stores a value where an expression points to, and gives it back.</summary>
    private Value Assign(IOperation target, Value value, Frame frame)
    {
        switch (target)
        {
            case ILocalReferenceOperation local:
                _store.Write(frame.Find(local.Local) ?? frame.Declare(local.Local), value);
                break;
            case IParameterReferenceOperation parameter:
                _store.Write(frame.Find(parameter.Parameter) ?? frame.Declare(parameter.Parameter), value);
                break;
            case IDeclarationExpressionOperation declaration:
                return Assign(declaration.Expression, value, frame);
            case IFieldReferenceOperation { Instance: not null } field when Evaluate(field.Instance, frame) is InstanceValue instance:
                _store.Write(instance.SlotOf(field.Field), value);
                break;
            case IPropertyReferenceOperation { Instance: not null } property:
                AssignProperty(property, Evaluate(property.Instance, frame), value, frame);
                break;
            case IArrayElementReferenceOperation element:
                WriteElement(element.ArrayReference, [.. element.Indices.Select(index => Evaluate(index, frame))], value, frame, element);
                break;
            case ITupleOperation tuple:
                for (var index = 0; index < tuple.Elements.Length; index++)
                    Assign(tuple.Elements[index], Item(value, index, tuple.Elements[index]), frame);
                break;
            case IConversionOperation conversion:
                return Assign(conversion.Operand, value, frame);
        }

        return value;
    }

    private Value Item(Value value, int index, IOperation target) => value switch
    {
        TupleValue tuple when index < tuple.Items.Length => tuple.Items[index],
        UnknownValue { IsOutside: true } whole when target.Type is { } type => Outside(type, "", target.Syntax.GetLocation(), whole.IsData),
        _ when target.Type is { } type && _symbols.IsTensor(type) =>
            new TensorValue(Emitter.Unknown(value is UnknownValue unknown ? unknown.Reason : "a part of a value that is not followed", target.Syntax.GetLocation())),
        _ => Unknown("a part of a value that is not followed", target),
    };

    private void AssignProperty(IPropertyReferenceOperation reference, Value receiver, Value value, Frame frame)
    {
        var property = reference.Property;
        if (property.IsIndexer && receiver is not InstanceValue)
        {
            WriteElement(reference.Instance!, [.. Arguments(reference.Arguments, frame).All.Select(argument => argument.Value)], value, frame, reference);
            return;
        }

        if (receiver is ModuleValue { Layer: { } layer })
        {
            Torch.Initializers.Replace(layer, property.Name, value, reference);
            return;
        }

        if (property.Name is "requires_grad" && _symbols.IsDeclaredInTorchSharp(property))
            RequireGradient(receiver, value);
        if (receiver is not InstanceValue instance)
            return;
        var found = FindImplementation(instance.Type, property) ?? property;
        if (found.SetMethod is { } set && BodyOf(set) is { } body)
            Invoke(set, body, instance, new ArgumentMap([(set.Parameters[0], value, false)]), null, reference);
        else
            _store.Write(instance.SlotOf(found), value);
    }
}
