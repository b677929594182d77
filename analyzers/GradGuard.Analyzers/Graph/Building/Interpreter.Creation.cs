using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Graph.Building;

internal sealed partial class Interpreter
{
    private Value EvaluateCreation(IObjectCreationOperation creation, Frame frame)
    {
        if (creation.Type is not INamedTypeSymbol type || creation.Constructor is not { } constructor)
            return Unknown("an object that is not followed", creation);
        var arguments = Arguments(creation.Arguments, frame);
        var value = Create(type, constructor, arguments, creation);
        if (creation.Initializer is not null)
        {
            frame.Implicit.Push(value);
            foreach (var initializer in creation.Initializer.Initializers)
                Evaluate(initializer, frame);
            frame.Implicit.Pop();
        }

        return value;
    }

    private Value Create(INamedTypeSymbol type, IMethodSymbol constructor, ArgumentMap arguments, IOperation at)
    {
        if (_symbols.OperationOf(constructor) is { } operation)
            return CallOperation(operation, constructor, null, arguments, at);
        if (!type.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty)
        {
            if (_resolver.IsElsewhere(type.OriginalDefinition) && _resolver.IsElsewhere(constructor.OriginalDefinition))
                return Unknown($"{type.Name} is declared in another file", at);
            return Construct(type, constructor, arguments, at);
        }

        return Library.Create(this, type, arguments) ?? Unknown($"an object of {type.Name}", at);
    }

    /// <summary>Runs a constructor of a class of the program's own: initializers, base constructor, body.</summary>
    public Value Construct(INamedTypeSymbol type, IMethodSymbol? constructor, ArgumentMap arguments, IOperation? at)
    {
        if (_active.Count >= GraphLimits.InliningDepth || _active.Count(active => SymbolEqualityComparer.Default.Equals(active, type.OriginalDefinition)) > 1)
            return new UnknownValue("recursion is not followed", at?.Syntax.GetLocation() ?? Location.None);
        var instance = new InstanceValue(type.OriginalDefinition);
        if (_symbols.IsModule(type))
            RequireUnrolling();
        _active.Push(type.OriginalDefinition);
        RunConstructor(instance, type.OriginalDefinition, constructor?.OriginalDefinition, arguments);
        _active.Pop();
        return instance;
    }

    private void RunConstructor(InstanceValue instance, INamedTypeSymbol type, IMethodSymbol? constructor, ArgumentMap arguments)
    {
        var running = (ISymbol?)constructor ?? type;
        if (_active.Count(active => SymbolEqualityComparer.Default.Equals(active, running)) > 1)
            return;
        _active.Push(running);
        var frame = new Frame(constructor, instance, null);
        var blocks = constructor is null ? ImmutableArray<IOperation>.Empty : _resolver.BlocksOf(constructor);
        if (constructor is not null)
            BindConstructor(instance, constructor, Rebind(constructor, arguments), frame);
        var chained = blocks.Select(ChainedCall).FirstOrDefault(call => call is not null);
        if (chained is not null && SymbolEqualityComparer.Default.Equals(chained.TargetMethod.ContainingType.OriginalDefinition, type))
        {
            RunConstructor(instance, type, chained.TargetMethod.OriginalDefinition, Arguments(chained.Arguments, frame));
        }
        else
        {
            RunInitializers(instance, type, frame);
            RunBaseConstructor(instance, type, chained, frame);
        }

        foreach (var body in blocks.OfType<IBlockOperation>())
            Execute(body, frame);
        _active.Pop();
    }

    private static IInvocationOperation? ChainedCall(IOperation? operation) => operation switch
    {
        IInvocationOperation { TargetMethod.MethodKind: MethodKind.Constructor } call => call,
        IExpressionStatementOperation { Operation: IInvocationOperation { TargetMethod.MethodKind: MethodKind.Constructor } call } => call,
        _ => null,
    };

    private void BindConstructor(InstanceValue instance, IMethodSymbol constructor, ArgumentMap arguments, Frame frame)
    {
        var properties = constructor.ContainingType.IsRecord
            ? constructor.ContainingType.GetMembers().OfType<IPropertySymbol>().ToLookup(property => property.Name)
            : null;
        foreach (var (parameter, value, _) in arguments.All)
        {
            _store.Write(frame.Declare(parameter), value);
            _store.Write(instance.SlotOf(parameter), value);
            if (properties?[parameter.Name].FirstOrDefault() is { } property)
                _store.Write(instance.SlotOf(property), value);
        }
    }

    private void RunBaseConstructor(InstanceValue instance, INamedTypeSymbol type, IInvocationOperation? chained, Frame frame)
    {
        if (type.BaseType is not { } baseType || baseType.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty)
            return;
        var target = chained?.TargetMethod ?? baseType.InstanceConstructors.FirstOrDefault(candidate => candidate.Parameters.IsEmpty);
        RunConstructor(
            instance, baseType.OriginalDefinition, target?.OriginalDefinition, chained is null ? ArgumentMap.Empty : Arguments(chained.Arguments, frame));
    }

    private void RunInitializers(InstanceValue instance, INamedTypeSymbol type, Frame frame)
    {
        foreach (var member in type.GetMembers().Where(member => member is IFieldSymbol { IsStatic: false, IsImplicitlyDeclared: false } or IPropertySymbol { IsStatic: false }))
        {
            foreach (var initializer in _resolver.BlocksOf(member).OfType<ISymbolInitializerOperation>())
            {
                _store.Write(instance.SlotOf(member), Evaluate(initializer.Value, frame));
            }
        }
    }
}
