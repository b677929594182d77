using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Graph.Building;

internal sealed partial class Interpreter
{
    private Value CallTorch(IInvocationOperation invocation, IMethodSymbol method, TorchArea area, Value? receiver, ArgumentMap arguments, Frame frame)
    {
        if (area is TorchArea.ModuleExtensions)
            return arguments.At(0) ?? Unknown("a module that is not followed", invocation);
        if (area is TorchArea.Module && receiver is not null)
            return CallMember(receiver, method, arguments, invocation);
        if (FollowGradients(invocation, method, receiver, arguments) is { } followed)
            return followed;
        if (_symbols.OperationOf(method) is not { } operation)
            return Torch.Constant(method, arguments) ?? NotUnderstood(invocation, method, receiver, arguments);
        var result = CallOperation(operation, method, receiver, arguments, invocation);
        var target = invocation.Instance ?? invocation.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value;
        if (_symbols.IsInPlace(method) && target is not null && result is TensorValue && operation is not TorchOperation.Initializer)
            Assign(target, result, frame);
        if (operation is TorchOperation.Initializer && target is not null && result is TensorValue initialised && (receiver ?? arguments.At(0)) is TensorValue)
            Assign(target, initialised, frame);
        return result;
    }

    private Value CallOperation(TorchOperation operation, IMethodSymbol method, Value? receiver, ArgumentMap arguments, IOperation at)
    {
        if (operation is TorchOperation.Container container)
            return CreateContainer(container.Kind, arguments, at);
        var isModule = _symbols.IsModule(method.MethodKind is MethodKind.Constructor ? method.ContainingType : method.ReturnType);
        if (isModule && (operation is TorchOperation.Layer || !_symbols.IsTensor(method.ReturnType)))
        {
            var module = Torch.Modules.Create(operation, (method.MethodKind is MethodKind.Constructor ? method.ContainingType : method.ReturnType)!, arguments, at);
            if (module.Layer is not null)
                RequireUnrolling();
            return module;
        }

        return Torch.Call(operation, method, receiver, arguments, at) ?? NotUnderstood(at, method, receiver, arguments);
    }

    private ListValue CreateContainer(ContainerKind kind, ArgumentMap arguments, IOperation at)
    {
        var list = new ListValue(ListContent.Empty, kind);
        foreach (var given in arguments.All.Select(argument => argument.Value))
            Fill(list, given, at);
        return list;
    }

    private void Fill(ListValue container, Value given, IOperation at)
    {
        switch (given)
        {
            case TupleValue { Items: [ConstantValue { Content: string name }, var module] }:
                Append(container, module, name);
                break;
            case TupleValue { Items: [_, var module] }:
                Append(container, module);
                break;
            case ListValue { Container: null, Content: var content }:
                foreach (var item in content.Items)
                    Fill(container, item, at);
                if (content.Further is not null)
                    _store.Write(container.Slot, new ListContent(container.Content.Items) { Keys = container.Content.Keys, Further = content.Further });
                break;
            case ConstantValue { Content: null }:
                break;
            default:
                Append(container, given);
                break;
        }
    }

    /// <summary>A method of a module: calling it, adding to it, walking it.</summary>
    private Value CallMember(Value receiver, IMethodSymbol method, ArgumentMap arguments, IInvocationOperation at)
    {
        if (receiver is InstanceValue { Path.Length: 0 } instance)
            ModuleTree.AssignFrom(instance);
        switch (method.Name)
        {
            case "forward" or "call":
                return CallModule(receiver, arguments, at);
            case "append" or "Add" or "add_module" or "register_module" or "register_parameter" or "register_buffer" or "extend" or "Insert":
                AddTo(receiver, arguments, at);
                return receiver;
            case "apply":
                foreach (var module in ModuleTree.Of(receiver))
                    Call(arguments.At(0)!, OneArgument(arguments.At(0)!, module), at);
                return receiver;
            case "modules" or "children" or "named_modules" or "named_children" or "parameters" or "named_parameters" when ModuleTree.IsKnown(receiver):
                return ModuleTree.List(receiver, method.Name);
            case "values" when receiver is ListValue { Content: var content }:
                return new ListValue(new ListContent(content.Items) { Further = content.Further });
            case "get_parameter" or "get_weight_hh" or "get_weight_ih" or "get_bias_hh" or "get_bias_ih":
                var name = arguments.At(0)?.AsText() is { } text && method.Name is "get_parameter" ? text : method.Name;
                return ModuleTree.Parameter(receiver, name) ?? NotUnderstood(at, method, receiver, arguments);
            default:
                return _symbols.IsModule(method.ReturnType) ? receiver
                    : method.ReturnsVoid ? ConstantValue.Null
                    : NotUnderstood(at, method, receiver, arguments);
        }
    }

    private static ArgumentMap OneArgument(Value function, Value argument) =>
        function is FunctionValue { Method.Parameters: [var parameter, ..] } ? new([(parameter, argument, false)]) : ArgumentMap.Empty;

    private void AddTo(Value receiver, ArgumentMap arguments, IOperation at)
    {
        var values = arguments.All.Select(argument => argument.Value).ToArray();
        switch (receiver)
        {
            case ListValue list when values is [ConstantValue { Content: string name }, var module, ..]:
                Append(list, module, name);
                break;
            case ListValue list:
                foreach (var value in values.Where(value => value is not ConstantValue))
                    Fill(list, value, at);
                break;
            case InstanceValue instance when values is [ConstantValue { Content: string name }, var part, ..]:
                instance.Registered.Add((name, part));
                break;
        }
    }

    private Value CallModule(Value module, ArgumentMap arguments, IOperation at, bool isInSequence = false)
    {
        switch (module)
        {
            case ListValue { Container: ContainerKind.Sequential } sequence:
                if (!sequence.Content.Alternatives.IsEmpty)
                    return Choose([.. sequence.Content.Alternatives.Select(content => (Func<Value>)(() => CallInTurn(content, arguments, at)))], at);
                if (sequence.Content.Further is not null)
                    return new TensorValue(Emitter.Unknown("a Sequential whose modules are not known", at.Syntax.GetLocation(), TensorsOf(arguments)));
                return CallInTurn(sequence.Content, arguments, at);
            case ModuleValue known:
                return Torch.Modules.Call(known, arguments, at, isInSequence);
            case InstanceValue instance when (FindForward(instance.Type, arguments.All.Count) ?? FindForward(instance.Type)) is { } forward:
                return InvokeDeclared(forward, instance, Ordered(forward, arguments), at, new Frame(null, null, null));
            case ChoiceValue choice:
                return Choose([.. choice.Alternatives.Select(alternative => (Func<Value>)(() => CallModule(alternative, arguments, at, isInSequence)))], at);
            default:
                var reason = module is UnknownValue unknown ? unknown.Reason : "a module that is not followed";
                var type = at is IInvocationOperation invocation ? invocation.TargetMethod.ReturnType : at.Type;
                return type is null ? Unknown(reason, at)
                    : Shaped(type, () => new TensorValue(Emitter.Unknown(reason, at.Syntax.GetLocation(), TensorsOf(arguments))), Unknown(reason, at));
        }
    }

    private Value CallInTurn(ListContent modules, ArgumentMap arguments, IOperation at) =>
        modules.Items.Aggregate(arguments.At(0) ?? ConstantValue.Null, (value, module) => CallModule(module, Passing(value, arguments), at, isInSequence: true));

    private static ArgumentMap Passing(Value value, ArgumentMap like) =>
        like.All.Count == 0 ? ArgumentMap.Empty : new([(like.All[0].Parameter, value, false)]);

    private static ArgumentMap Ordered(IMethodSymbol method, ArgumentMap arguments) =>
        new([.. method.Parameters.Take(arguments.All.Count).Select((parameter, index) => (parameter, arguments.All[index].Value, false))]);

    /// <summary>The result of a function of one argument applied to a value; for LINQ over lists.</summary>
    public Value Apply(Value function, IOperation at, params Value[] arguments) =>
        function is FunctionValue { Method: var method }
            ? Call(function, new([.. method.Parameters.Take(arguments.Length).Select((parameter, index) => (parameter, arguments[index], false))]), at)
            : Unknown("a function that is not followed", at);

    public void Add(ListValue list, Value value, string? key = null) => Append(list, value, key);

    public void AddAll(ListValue list, Value values) => AppendAll(list, values);

    public void Replace(ListValue list, ListContent content) => _store.Write(list.Slot, content);

    /// <summary>The tensor that a value is but for its scale, <c>randn(5, 5) * 0.1</c>; null for anything else.</summary>
    private static TensorNode? ScaledTensor(GraphNode node) => node is ScaleNode ? ScaledTensor(node.Input) : node as TensorNode;

    /// <summary>Names a layer by the variable that holds it, until a module gives it a better name.</summary>
    private static void Name(Value value, string name)
    {
        if (value is TensorValue { Node: var node } && ScaledTensor(node) is { Layer: { Path.Length: 0 } tensor })
            tensor.Path = name;
        else if (value is ModuleValue { Path.Length: 0 } module)
            ModuleTree.Assign(module, name);
    }
}
