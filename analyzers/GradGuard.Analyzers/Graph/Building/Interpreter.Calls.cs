using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Graph.Building;

internal sealed partial class Interpreter
{
    private readonly Stack<ISymbol> _active = new();

    /// <summary>The methods whose code was followed.</summary>
    public HashSet<ISymbol> Evaluated { get; } = new(SymbolEqualityComparer.Default);

    private Value EvaluateInvocation(IInvocationOperation invocation, Frame frame)
    {
        var method = invocation.TargetMethod;
        if (method.MethodKind is MethodKind.DelegateInvoke)
        {
            var function = Evaluate(invocation.Instance, frame);
            return Call(function, Arguments(invocation.Arguments, frame), invocation);
        }

        if (method.MethodKind is MethodKind.LocalFunction && frame.Find(method)?.Value is FunctionValue local)
            return Call(local, Arguments(invocation.Arguments, frame), invocation, frame);
        var receiver = invocation.Instance is null ? null : Evaluate(invocation.Instance, frame);
        var arguments = Arguments(invocation.Arguments, frame);
        return receiver is ChoiceValue choice
            ? DispatchToEach(invocation, choice, arguments, frame)
            : Dispatch(invocation, method, receiver, arguments, frame);
    }

    private Value DispatchToEach(IInvocationOperation invocation, ChoiceValue receiver, ArgumentMap arguments, Frame frame) =>
        Choose([.. receiver.Alternatives.Select(alternative => (Func<Value>)(() => Dispatch(invocation, invocation.TargetMethod, alternative, arguments, frame)))], invocation);

    private Value Dispatch(IInvocationOperation invocation, IMethodSymbol method, Value? receiver, ArgumentMap arguments, Frame frame)
    {
        if (receiver is InstanceValue instance && CallInstance(instance, method, arguments, invocation, frame) is { } result)
            return result;
        if (_symbols.AreaOf(method) is { } area)
            return CallTorch(invocation, method, area, receiver, arguments, frame);
        var isVirtualOnUnknown = (method.IsAbstract || method.IsVirtual || method.IsOverride) && receiver is not InstanceValue && !method.IsStatic;
        if (!isVirtualOnUnknown && !method.DeclaringSyntaxReferences.IsEmpty)
            return InvokeDeclared(method, receiver, arguments, invocation, frame);
        return Library.Call(this, method, receiver, arguments, invocation) ?? NotUnderstood(invocation, method, receiver, arguments);
    }

    /// <summary>An Unknown in place of a call's result, which reads the tensors the call was given.</summary>
    private Value NotUnderstood(IOperation at, IMethodSymbol method, Value? receiver, ArgumentMap arguments)
    {
        var reason = receiver is UnknownValue unknown ? unknown.Reason
            : method.DeclaringSyntaxReferences.IsEmpty || !_resolver.IsElsewhere(method) ? $"call to {method.ContainingType?.Name}.{method.Name}"
            : $"call to {method.ContainingType?.Name}.{method.Name} declared in another file";
        var inputs = arguments.All.Select(argument => argument.Value).Prepend(receiver).OfType<TensorValue>().Select(tensor => tensor.Node).ToArray();
        return Shaped(method.ReturnType, () => new TensorValue(Emitter.Unknown(reason, at.Syntax.GetLocation(), inputs)), new UnknownValue(reason, at.Syntax.GetLocation()));
    }

    private Value Shaped(ITypeSymbol type, Func<Value> tensor, Value other)
    {
        if (_symbols.IsTensor(type))
            return tensor();
        return type is INamedTypeSymbol { IsTupleType: true } tuple
            ? new TupleValue([.. tuple.TupleElements.Select(element => Shaped(element.Type, tensor, other))])
            : other;
    }

    /// <summary>Evaluated in the order they are written, kept in that of the parameters: the same but for named arguments.</summary>
    private ArgumentMap Arguments(ImmutableArray<IArgumentOperation> arguments, Frame frame)
    {
        if (arguments.IsEmpty)
            return ArgumentMap.Empty;
        var ordered = new List<(IParameterSymbol Parameter, Value Value, bool IsDefault)>(arguments.Length);
        foreach (var argument in arguments)
        {
            if (argument.Parameter is not { } parameter)
                continue;
            var value = Evaluate(argument.Value, frame);
            var place = ordered.Count;
            while (place > 0 && ordered[place - 1].Parameter.Ordinal > parameter.Ordinal)
                place--;
            ordered.Insert(place, (parameter, value, argument.ArgumentKind is ArgumentKind.DefaultValue));
        }

        return new(ordered);
    }

    private Value? CallInstance(InstanceValue instance, IMethodSymbol method, ArgumentMap arguments, IInvocationOperation at, Frame frame)
    {
        var isBaseCall = at.Instance is IInstanceReferenceOperation { Syntax: Microsoft.CodeAnalysis.CSharp.Syntax.BaseExpressionSyntax };
        if (isBaseCall && !_symbols.IsDeclaredInTorchSharp(method))
            return InvokeDeclared(method, instance, arguments, at, frame);
        var target = isBaseCall ? null : FindImplementation(instance.Type, method);
        if (target is null && method.Name is "call" && _symbols.AreaOf(method) is TorchArea.Module)
            target = FindForward(instance.Type, arguments.All.Count);
        return target is null || _symbols.IsDeclaredInTorchSharp(target) ? null : InvokeDeclared(target, instance, arguments, at, frame);
    }

    /// <summary>The <c>forward</c> a type runs: its own or its nearest base class's.</summary>
    public IMethodSymbol? FindForward(INamedTypeSymbol type, int? parameters = null)
    {
        for (var current = type; current is not null && !_symbols.IsDeclaredInTorchSharp(current); current = current.BaseType)
        {
            var methods = current.GetMembers("forward").Concat(current.GetMembers("call")).OfType<IMethodSymbol>()
                .Where(method => !method.IsAbstract && !method.IsStatic && (parameters is null || method.Parameters.Length == parameters))
                .OrderByDescending(method => method.IsOverride && method.Name == "forward")
                .ThenByDescending(method => method.Name == "forward");
            if (methods.FirstOrDefault() is { } found)
                return found;
        }

        return null;
    }

    private static TMember? FindImplementation<TMember>(INamedTypeSymbol type, TMember member)
        where TMember : class, ISymbol
    {
        if (member.ContainingType?.TypeKind is TypeKind.Interface)
            return type.FindImplementationForInterfaceMember(member) as TMember;
        for (var current = type; current is not null; current = current.BaseType)
        {
            foreach (var candidate in current.GetMembers(member.Name).OfType<TMember>())
            {
                if (Overrides(candidate, member))
                    return candidate;
            }
        }

        return null;
    }

    private static bool Overrides(ISymbol? candidate, ISymbol member)
    {
        while (candidate is not null)
        {
            if (SymbolEqualityComparer.Default.Equals(candidate.OriginalDefinition, member.OriginalDefinition))
                return true;
            candidate = candidate switch
            {
                IMethodSymbol method => method.OverriddenMethod,
                IPropertySymbol property => property.OverriddenProperty,
                _ => null,
            };
        }

        return false;
    }

    /// <summary>The code of a method or accessor, null where it has none or lies in a file that may not be looked at.</summary>
    private IOperation? BodyOf(IMethodSymbol method) =>
        _resolver.BlocksOf(method).FirstOrDefault(block => block is IBlockOperation or IMethodBodyOperation);

    private Value InvokeDeclared(IMethodSymbol method, Value? receiver, ArgumentMap arguments, IOperation at, Frame caller)
    {
        var declared = (method.ReducedFrom ?? method).OriginalDefinition;
        declared = declared.PartialImplementationPart ?? declared;
        return BodyOf(declared) is { } body
            ? Invoke(declared, body, receiver, Rebind(declared, arguments), null, at, caller)
            : NotUnderstood(at, method, receiver, arguments);
    }

    /// <summary>Arguments name the parameters of a constructed or reduced method; its body names those of the definition.</summary>
    private static ArgumentMap Rebind(IMethodSymbol method, ArgumentMap arguments) =>
        new([.. arguments.All.Where(argument => argument.Parameter.Ordinal < method.Parameters.Length)
            .Select(argument => (method.Parameters[argument.Parameter.Ordinal], argument.Value, argument.IsDefault))]);

    /// <summary>Evaluates a body with its parameters bound. Recursion and too deep nesting give an Unknown.</summary>
    private Value Invoke(IMethodSymbol method, IOperation body, Value? self, ArgumentMap arguments, Frame? closure, IOperation at, Frame? caller = null)
    {
        if (_active.Count >= GraphLimits.InliningDepth || _active.Count(active => SymbolEqualityComparer.Default.Equals(active, method)) > 1)
            return NotUnderstood(at, method, Unknown("recursion is not followed", at), arguments);
        var frame = new Frame(method, self, closure);
        foreach (var (parameter, value, _) in arguments.All)
            _store.Write(frame.Declare(parameter), value);
        Evaluated.Add(method);
        _active.Push(method);
        Emitter.Within(ControlKind.Call, () => Execute(body, frame));
        _active.Pop();
        if (caller is not null && at is IInvocationOperation invocation)
            CopyOut(invocation, method, frame, caller);
        return frame.Returns.Count == 0 ? ConstantValue.Null : frame.Returns.Aggregate((left, right) => Merge(left, right, at)!);
    }

    private void CopyOut(IInvocationOperation invocation, IMethodSymbol method, Frame frame, Frame caller)
    {
        foreach (var argument in invocation.Arguments)
        {
            if (argument.Parameter is { RefKind: RefKind.Out or RefKind.Ref, Ordinal: var ordinal } && ordinal < method.Parameters.Length
                && frame.Find(method.Parameters[ordinal])?.Value is { } value)
                Assign(argument.Value, value, caller);
        }
    }

    /// <summary>Calls a function or module value with arguments in order.</summary>
    private Value Call(Value function, ArgumentMap arguments, IOperation at, Frame? caller = null)
    {
        switch (function)
        {
            case FunctionValue { Body: { } body } lambda:
                return Invoke(lambda.Method, body, lambda.Receiver, Rebind(lambda.Method, arguments), lambda.Closure, at, caller);
            case FunctionValue { Receiver: InstanceValue instance, Method: var method }:
                return FindImplementation(instance.Type, method) is { } found && !_symbols.IsDeclaredInTorchSharp(found)
                    ? InvokeDeclared(found, instance, arguments, at, new Frame(null, null, null))
                    : FindForward(instance.Type) is { } forward ? InvokeDeclared(forward, instance, arguments, at, new Frame(null, null, null))
                    : NotUnderstood(at, method, instance, arguments);
            case FunctionValue { Method: var method } group when _symbols.OperationOf(method) is { } operation:
                return CallOperation(operation, method, group.Receiver, Named(method, group.Receiver, arguments), at);
            case FunctionValue { Receiver: { } receiver } group when receiver.IsModule():
                return CallModule(receiver, arguments, at);
            case FunctionValue group:
                return InvokeDeclared(group.Method, group.Receiver, arguments, at, new Frame(null, null, null));
            case ChoiceValue choice:
                return Choose([.. choice.Alternatives.Select(alternative => (Func<Value>)(() => Call(alternative, arguments, at)))], at);
            default:
                var reason = function is UnknownValue unknown ? unknown.Reason : "a function that is not followed";
                return at.Type is { } type
                    ? Shaped(type, () => new TensorValue(Emitter.Unknown(reason, at.Syntax.GetLocation(), TensorsOf(arguments))), Unknown(reason, at))
                    : Unknown(reason, at);
        }
    }

    private GraphNode[] TensorsOf(ArgumentMap arguments) =>
        [.. arguments.All.Select(argument => argument.Value).OfType<TensorValue>().Select(tensor => tensor.Node)];

    /// <summary>A delegate's arguments under the names of the method it points to, with that method's defaults.</summary>
    private static ArgumentMap Named(IMethodSymbol method, Value? receiver, ArgumentMap arguments)
    {
        var given = method.IsExtensionMethod && receiver is not null && method.ReducedFrom is not null
            ? arguments.All.Select(argument => argument.Value).Prepend(receiver).ToArray()
            : [.. arguments.All.Select(argument => argument.Value)];
        var parameters = (method.ReducedFrom ?? method).Parameters;
        return new([.. parameters.Take(Math.Max(given.Length, parameters.Length)).Select((parameter, index) => index < given.Length
            ? (parameter, given[index], false)
            : (parameter, (Value)new ConstantValue(parameter.HasExplicitDefaultValue ? parameter.ExplicitDefaultValue : null), true))]);
    }
}
