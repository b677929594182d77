using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Training;

/// <summary>Reads what is stored where: tensors, modules, and constructor arguments kept in fields.</summary>
internal sealed class AssignmentReader(IMethodSymbol? method, LocalFacts facts, TorchSymbols torch)
{
    private readonly List<ModuleFlow> _flows = [];
    private readonly Dictionary<ISymbol, Place?> _keptArguments = new(SymbolEqualityComparer.Default);

    /// <summary>Modules seen to reach variables, parameters and results so far.</summary>
    public ImmutableArray<ModuleFlow> Flows => _flows.ToImmutableArray();

    /// <summary>The events of one operation, its operands not included.</summary>
    public IEnumerable<TrainingNode> Read(IOperation operation)
    {
        switch (operation)
        {
            case IVariableDeclaratorOperation declarator when declarator.GetVariableInitializer() is { } initializer:
                return Store(Place.Of(declarator.Symbol), declarator.Symbol.Type, initializer.Value, operation);
            case IFieldInitializerOperation initializer:
                return initializer.InitializedFields.SelectMany(field => Store(Place.Of(field), field.Type, initializer.Value, operation)).ToList();
            case IPropertyInitializerOperation initializer:
                return initializer.InitializedProperties.SelectMany(property => Store(Place.Of(property), property.Type, initializer.Value, operation)).ToList();
            case ISimpleAssignmentOperation assignment:
                KeepArgument(assignment);
                return Store(Place.Of(assignment.Target), assignment.Target.Type, assignment.Value, operation);
            case ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add } sum when torch.IsTensor(sum.Target.Type):
                return [Accumulate(Place.Of(sum.Target), sum.Value, operation)];
            case IDeconstructionAssignmentOperation { Target: ITupleOperation tuple } deconstruction:
                return tuple.Elements.Where(element => torch.IsTensor(element.Type))
                    .Select(element => AssignTensor(Place.Of(element), deconstruction.Value, operation)).ToList();
            case IArgumentOperation { Parameter: { } parameter } argument when torch.IsModule(parameter.Type):
                AddFlows(parameter.OriginalDefinition, argument.Value);
                return [];
            default:
                return [];
        }
    }

    /// <summary>A module handed back by the method. Yields no events.</summary>
    public IEnumerable<TrainingNode> ReadReturn(IOperation operation)
    {
        if (method is not null && operation is IReturnOperation { ReturnedValue: { } value } && torch.IsModule(method.ReturnType))
            AddFlows(method.OriginalDefinition, value);
        return [];
    }

    /// <summary>In a constructor that keeps an argument in a field, the field is the place the rest of the class knows it by.</summary>
    public TrainingNode ResolveConstructorArguments(TrainingNode body) =>
        _keptArguments.Count == 0 ? body : new Rebasing(receiver: null, _keptArguments).Apply(body);

    private void KeepArgument(ISimpleAssignmentOperation assignment)
    {
        if (method is { MethodKind: MethodKind.Constructor }
            && facts.Resolve(assignment.Value) is IParameterReferenceOperation parameter
            && Place.Of(assignment.Target) is { IsOnThis: true } field)
            _keptArguments[parameter.Parameter.OriginalDefinition] = field;
    }

    private IEnumerable<TrainingNode> Store(Place? target, ITypeSymbol? type, IOperation value, IOperation operation)
    {
        if (torch.IsTensor(type))
            return [AddedOnto(target, value) is { } addend ? Accumulate(target, addend, operation) : AssignTensor(target, value, operation)];
        if (!torch.IsModule(type) || target?.Symbol is not { } symbol)
            return [];
        AddFlows(symbol, value);
        var location = operation.Syntax.GetLocation();
        if (facts.PlaceOf(value) is { } source)
            return source.Equals(target) ? [] : [new TrainingEvent(TrainingEventKind.AliasModule, target, location) { Sources = [source] }];
        return IsCreation(value) ? [new TrainingEvent(TrainingEventKind.CreateModule, target, location) { Sources = ModulesIn(value).ToImmutableArray() }] : [];
    }

    private bool IsCreation(IOperation value) => value switch
    {
        IConversionOperation conversion => IsCreation(conversion.Operand),
        IInvocationOperation call when torch.TrainingCallOf(call.TargetMethod) is TrainingCallKind.MoveModule =>
            IsCreation(call.Instance ?? call.Arguments[0].Value),
        IInvocationOperation factory => torch.AreaOf(factory.TargetMethod) is TorchArea.NN,
        _ => value is IObjectCreationOperation,
    };

    private static IOperation? AddedOnto(Place? target, IOperation value) =>
        target is not null && value is IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } sum && target.Equals(Place.Of(sum.LeftOperand))
            ? sum.RightOperand
            : null;

    private TrainingEvent AssignTensor(Place? target, IOperation value, IOperation operation) =>
        new(TrainingEventKind.AssignTensor, target, operation.Syntax.GetLocation()) { Sources = TensorsIn(value).ToImmutableArray() };

    private TrainingEvent Accumulate(Place? target, IOperation addend, IOperation operation) =>
        new(TrainingEventKind.AccumulateTensor, target, addend.Syntax.GetLocation())
        {
            TargetType = operation.Type,
            Sources = TensorsIn(addend).ToImmutableArray(),
        };

    /// <summary>The tensors whose graph <paramref name="value"/> goes on, so none behind <c>item()</c> or <c>detach()</c>.</summary>
    private IEnumerable<Place> TensorsIn(IOperation value)
    {
        if (value is IInvocationOperation call && torch.TrainingCallOf(call.TargetMethod) is TrainingCallKind.Item or TrainingCallKind.Detach)
            return [];
        return torch.IsTensor(value.Type) && value is not IConversionOperation && Place.Of(value) is { } place
            ? [place]
            : value.ChildOperations.SelectMany(TensorsIn);
    }

    private IEnumerable<Place> ModulesIn(IOperation creation) =>
        creation.DescendantsAndSelf().Where(operation => torch.IsModule(operation.Type)).Select(facts.PlaceOf).OfType<Place>();

    private void AddFlows(ISymbol target, IOperation value)
    {
        switch (value)
        {
            case IConversionOperation conversion:
                AddFlows(target, conversion.Operand);
                break;
            case IConditionalOperation { WhenFalse: { } otherwise } choice:
                AddFlows(target, choice.WhenTrue);
                AddFlows(target, otherwise);
                break;
            case ISwitchExpressionOperation choice:
                foreach (var arm in choice.Arms)
                    AddFlows(target, arm.Value);
                break;
            case ICoalesceOperation coalesce:
                AddFlows(target, coalesce.Value);
                AddFlows(target, coalesce.WhenNull);
                break;
            case IInvocationOperation move when torch.TrainingCallOf(move.TargetMethod) is TrainingCallKind.MoveModule && move.Arguments.Length > 0:
                AddFlows(target, move.Instance ?? move.Arguments[0].Value);
                break;
            default:
                var source = Place.Of(value)?.Symbol ?? (value as IInvocationOperation)?.TargetMethod.OriginalDefinition;
                _flows.Add(new ModuleFlow(target, value.Type, source));
                break;
        }
    }
}
