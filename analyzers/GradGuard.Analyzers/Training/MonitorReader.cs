using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Training;

/// <summary>Reads where a method attaches GradGuard's monitor, observes with it, and what becomes of it.</summary>
internal sealed class MonitorReader(ImmutableArray<IOperation> bodies, LocalFacts facts)
{
    /// <summary>The event of a call of the monitor's.</summary>
    public IEnumerable<TrainingEvent> Read(MonitorCallKind kind, IInvocationOperation call) => kind switch
    {
        MonitorCallKind.Attach => [new TrainingEvent(TrainingEventKind.AttachMonitor, TorchCallReader.TargetOf(call), call.Syntax.GetLocation()) { Monitor = LifeOf(call) }],
        MonitorCallKind.Observe => [new TrainingEvent(TrainingEventKind.Observe, facts.PlaceOf(call.Instance), call.Syntax.GetLocation())],
        _ => [],
    };

    /// <summary>What becomes of the monitor that <paramref name="attach"/> returns; null where other code gets hold of it.</summary>
    private MonitorLife? LifeOf(IInvocationOperation attach)
    {
        switch (attach.Parent)
        {
            case IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation }:
                return new MonitorLife(IsObserved: false, IsCompleted: false);
            case IUsingOperation scope when scope.Resources == attach:
                return new MonitorLife(IsObserved: false, IsCompleted: true);
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } declarator }:
                return LifeOf(local, declarator.Parent?.Parent?.Parent is IUsingDeclarationOperation or IUsingOperation);
            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local }, Parent: IExpressionStatementOperation }:
                return LifeOf(local, isUsing: false);
            default:
                return null;
        }
    }

    private MonitorLife? LifeOf(ILocalSymbol local, bool isUsing)
    {
        MonitorLife? life = new(IsObserved: false, isUsing);
        foreach (var reference in bodies.SelectMany(body => body.DescendantsAndSelf()).OfType<ILocalReferenceOperation>())
        {
            if (SymbolEqualityComparer.Default.Equals(reference.Local, local) && !reference.IsDeclaration)
                life = life is null ? null : After(life, reference);
        }

        return life;
    }

    private static MonitorLife? After(MonitorLife life, ILocalReferenceOperation reference) => reference.Parent switch
    {
        IInvocationOperation call when call.Instance == reference => After(life, MonitorCalls.Of(call.TargetMethod)),
        IConditionalAccessOperation { WhenNotNull: IInvocationOperation call } => After(life, MonitorCalls.Of(call.TargetMethod)),
        IUsingOperation => life with { IsCompleted = true },
        IAssignmentOperation assignment when assignment.Target == reference => life,
        IEventReferenceOperation or IPropertyReferenceOperation or IConditionalAccessOperation or IIsPatternOperation or IBinaryOperation => life,
        IConversionOperation { Parent: IBinaryOperation or IIsPatternOperation } => life,
        _ => null,
    };

    private static MonitorLife? After(MonitorLife life, MonitorCallKind? call) => call switch
    {
        MonitorCallKind.Observe => life with { IsObserved = true },
        MonitorCallKind.Complete => life with { IsCompleted = true },
        null => null,
        _ => life,
    };
}

/// <summary>What a method does with a monitor that no other code gets hold of.</summary>
/// <param name="IsObserved">True where <c>Observe</c> is called on it somewhere.</param>
/// <param name="IsCompleted">True where it is disposed or completed somewhere.</param>
internal sealed record MonitorLife(bool IsObserved, bool IsCompleted);
