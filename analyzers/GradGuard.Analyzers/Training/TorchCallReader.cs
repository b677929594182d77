using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Training;

/// <summary>Turns calls of TorchSharp's own methods into events.</summary>
internal sealed class TorchCallReader(LocalFacts facts, TorchSymbols torch)
{
    private readonly ParameterSources _sources = new(facts, torch);

    /// <summary>The event of a call that the table of training calls lists.</summary>
    public IEnumerable<TrainingEvent> Read(TrainingCallKind kind, IInvocationOperation call)
    {
        var receiver = call.Instance ?? call.Arguments.FirstOrDefault()?.Value;
        switch (kind)
        {
            case TrainingCallKind.Forward or TrainingCallKind.Call when !IsLoss(receiver?.Type):
                return [Event(TrainingEventKind.Forward, call, receiver)];
            case TrainingCallKind.Backward:
                return [new TrainingEvent(TrainingEventKind.Backward, Place.Of(receiver), Location(call)) { IsComputedHere = IsComputation(receiver) }];
            case TrainingCallKind.OptimizerStep:
                return [Event(TrainingEventKind.OptimizerStep, call, receiver)];
            case TrainingCallKind.SchedulerStep:
                return [Event(TrainingEventKind.SchedulerStep, call, receiver)];
            case TrainingCallKind.ZeroGrad:
                var owner = torch.IsModule(receiver?.Type) && receiver is not null ? SourcesOf(receiver) : [];
                return [Event(TrainingEventKind.ZeroGrad, call, receiver, owner)];
            case TrainingCallKind.MoveModule:
                return [Event(TrainingEventKind.MoveModule, call, receiver)];
            case TrainingCallKind.Eval:
                return [Event(TrainingEventKind.Eval, call, receiver)];
            case TrainingCallKind.Train:
                return [Event(ModeOf(call), call, receiver)];
            case TrainingCallKind.ClipGradNorm or TrainingCallKind.ClipGradValue:
                var (modules, isComplete) = _sources.In(receiver);
                return [new TrainingEvent(TrainingEventKind.Clip, target: null, Location(call)) { Sources = modules, SourcesAreComplete = isComplete }];
            case TrainingCallKind.NoGrad or TrainingCallKind.InferenceMode when IsDropped(call):
                return [new TrainingEvent(TrainingEventKind.DropGradMode, target: null, Location(call))];
            case TrainingCallKind.CreateOptimizer or TrainingCallKind.CreateScheduler:
                return ReadCreation(kind, call, call.Arguments);
            default:
                return [];
        }
    }

    /// <summary>Calls of TorchSharp's that are no part of the training table but matter here.</summary>
    public IEnumerable<TrainingEvent> ReadOther(IInvocationOperation call)
    {
        if (call.Instance is not { } receiver)
            yield break;
        if (call.TargetMethod.Name == "requires_grad_" || call.TargetMethod.Name == "set_requires_grad")
            yield return Event(TrainingEventKind.RequireGradient, call, receiver);
        else if (call.TargetMethod.Name == "add_" && torch.IsTensor(receiver.Type) && call.Arguments is [{ Value: var addend }, ..] && torch.IsTensor(addend.Type))
            yield return new TrainingEvent(TrainingEventKind.AccumulateTensor, Place.Of(receiver), Location(addend)) { Sources = SourcesOf(addend) };
        else if ((call.TargetMethod.Name == "Dispose" && torch.IsTensor(receiver.Type)) || receiver.Type?.Name == "DisposeScope")
            yield return Event(TrainingEventKind.FreeMemory, call, receiver);
    }

    /// <summary>An optimizer or scheduler made by its factory or its constructor.</summary>
    public IEnumerable<TrainingEvent> ReadCreation(TrainingCallKind kind, IOperation creation, ImmutableArray<IArgumentOperation> arguments)
    {
        if (arguments.FirstOrDefault()?.Value is not { } source)
            return [];
        if (kind is TrainingCallKind.CreateScheduler)
            return [new TrainingEvent(TrainingEventKind.CreateScheduler, TargetOf(creation), Location(creation)) { Sources = SourcesOf(source), TargetType = creation.Type }];
        if (kind is not TrainingCallKind.CreateOptimizer)
            return [];
        var (modules, isComplete) = _sources.In(source);
        var rate = arguments.FirstOrDefault(argument => argument.Parameter is { Name: "lr" or "learningRate" or "learning_rate" } && !argument.IsImplicit)?.Value;
        return
        [
            new TrainingEvent(TrainingEventKind.CreateOptimizer, TargetOf(creation), Location(creation))
            {
                TargetType = creation.Type,
                Sources = modules,
                SourcesAreComplete = isComplete,
                Creation = new OptimizerCreation(creation.Type?.Name ?? "", ConstantOf(rate), rate?.Syntax.GetLocation()),
            },
        ];
    }

    /// <summary>Where a created object is stored; null where it is handed on or thrown away.</summary>
    public static Place? TargetOf(IOperation creation)
    {
        var parent = creation.Parent;
        while (parent is IConversionOperation)
            parent = parent.Parent;
        return parent switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => Place.Of(declarator.Symbol),
            ISimpleAssignmentOperation assignment => Place.Of(assignment.Target),
            IFieldInitializerOperation { InitializedFields: [var field] } => Place.Of(field),
            IPropertyInitializerOperation { InitializedProperties: [var property] } => Place.Of(property),
            _ => null,
        };
    }

    private bool IsComputation(IOperation? loss) =>
        loss is IBinaryOperation || (loss is IInvocationOperation computation && torch.IsDeclaredInTorchSharp(computation.TargetMethod));

    private bool IsLoss(ITypeSymbol? type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.Name == "Loss" && torch.IsDeclaredInTorchSharp(current))
                return true;
        }

        return false;
    }

    private static TrainingEventKind ModeOf(IInvocationOperation call) => call.Arguments is not [{ Value.ConstantValue: { HasValue: true, Value: bool isTraining } }]
        ? TrainingEventKind.UnknownMode
        : isTraining ? TrainingEventKind.Train : TrainingEventKind.Eval;

    private bool IsDropped(IInvocationOperation call)
    {
        var parent = call.Parent;
        while (parent is IConversionOperation)
            parent = parent.Parent;
        return parent switch
        {
            IExpressionStatementOperation => true,
            ISimpleAssignmentOperation { Target: IDiscardOperation } => true,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => facts.IsNeverRead(declarator.Symbol) && !IsUsing(declarator),
            _ => false,
        };
    }

    private static bool IsUsing(IOperation declarator) =>
        declarator.Parent?.Parent is { Parent: IUsingDeclarationOperation or IUsingOperation };

    private static double? ConstantOf(IOperation? operation) => operation switch
    {
        IConversionOperation { ConstantValue.HasValue: false } conversion => ConstantOf(conversion.Operand),
        { ConstantValue: { HasValue: true, Value: { } value } } when value is double or float or int or long => Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };

    private ImmutableArray<Place> SourcesOf(IOperation operation) => facts.PlaceOf(operation) is { } place ? [place] : [];

    private TrainingEvent Event(TrainingEventKind kind, IInvocationOperation call, IOperation? receiver, ImmutableArray<Place> sources = default) =>
        new(kind, facts.PlaceOf(receiver), Location(call))
        {
            TargetType = receiver is IConversionOperation conversion ? conversion.Operand.Type : receiver?.Type,
            Sources = sources.IsDefault ? ImmutableArray<Place>.Empty : sources,
            SourcesAreComplete = sources is { IsDefaultOrEmpty: false },
        };

    private static Location Location(IOperation operation) => operation.Syntax.GetLocation();
}
