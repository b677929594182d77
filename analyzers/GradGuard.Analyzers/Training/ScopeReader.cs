using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Training;

/// <summary>Reads what a <c>using</c> turns on: a grad mode, a dispose scope, or an object of the program's own.</summary>
internal sealed class ScopeReader(LocalFacts facts, TorchSymbols torch)
{
    /// <summary>What <paramref name="resources"/> (declarations, or one expression) turn on, give back, and do at the end.</summary>
    public Resource Read(IOperation resources)
    {
        var scopes = ImmutableArray.CreateBuilder<(ScopeKind, Location)>();
        var events = ImmutableArray.CreateBuilder<TrainingNode>();
        var atEnd = ImmutableArray.CreateBuilder<TrainingNode>();
        foreach (var value in ValuesOf(resources))
        {
            var location = value.Syntax.GetLocation();
            if (KindOf(value) is { } kind)
                scopes.Add((kind, location));
            else if (torch.IsTensor(value.Type))
                events.Add(new TrainingEvent(TrainingEventKind.FreeMemory, Place.Of(value), location));
            else if (DisposeOf(value.Type) is { } dispose)
                atEnd.Add(new CallNode(new Callee { Method = dispose, IsVirtual = dispose.IsVirtual || dispose.IsOverride }, location));
        }

        return new Resource(scopes.ToImmutable(), events.ToImmutable(), atEnd.ToImmutable());
    }

    private static IEnumerable<IOperation> ValuesOf(IOperation resources) => resources is IVariableDeclarationGroupOperation group
        ? group.Declarations.SelectMany(declaration => declaration.Declarators)
            .Select(declarator => Unconverted(declarator.GetVariableInitializer()?.Value)).OfType<IOperation>()
        : [Unconverted(resources)!];

    private static IOperation? Unconverted(IOperation? operation) => operation switch
    {
        IConversionOperation conversion => Unconverted(conversion.Operand),
        ISimpleAssignmentOperation assignment => Unconverted(assignment.Value),
        _ => operation,
    };

    private ScopeKind? KindOf(IOperation value) => facts.Resolve(value) is not IInvocationOperation call
        ? null
        : torch.TrainingCallOf(call.TargetMethod) switch
        {
            TrainingCallKind.NoGrad => ScopeKind.NoGrad,
            TrainingCallKind.InferenceMode => IsOn(call) switch { true => ScopeKind.NoGrad, false => ScopeKind.EnableGrad, _ => ScopeKind.UnknownGradMode },
            TrainingCallKind.EnableGrad or TrainingCallKind.SetGradEnabled =>
                IsOn(call) switch { true => ScopeKind.EnableGrad, false => ScopeKind.NoGrad, _ => ScopeKind.UnknownGradMode },
            TrainingCallKind.NewDisposeScope => ScopeKind.Dispose,
            _ => null,
        };

    private static bool? IsOn(IInvocationOperation call) => call.Arguments is [{ Value.ConstantValue: { HasValue: true, Value: bool value } }] ? value : null;

    private static IMethodSymbol? DisposeOf(ITypeSymbol? type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.GetMembers("Dispose").OfType<IMethodSymbol>().FirstOrDefault(method => method.Parameters.IsEmpty) is { } dispose)
                return dispose.DeclaringSyntaxReferences.IsEmpty ? null : dispose;
        }

        return null;
    }

    /// <summary>What a <c>using</c> brings: scopes around its body, events before it, calls after it.</summary>
    internal sealed record Resource(
        ImmutableArray<(ScopeKind Kind, Location Location)> Scopes, ImmutableArray<TrainingNode> Events, ImmutableArray<TrainingNode> AtEnd);
}
