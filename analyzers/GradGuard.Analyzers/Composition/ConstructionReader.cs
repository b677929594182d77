using System.Collections.Immutable;
using GradGuard.Analyzers.Source;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Composition;

/// <summary>Reads the steps of a module class's constructors, through base constructors and the object's own methods.</summary>
internal sealed class ConstructionReader(INamedTypeSymbol type, OperationResolver operations, TorchSymbols torch)
{
    private readonly List<ConstructionStep> _steps = [];
    private readonly HashSet<ISymbol> _entered = new(SymbolEqualityComparer.Default);

    /// <summary>What <paramref name="constructor"/> of <paramref name="type"/> does; null where some of it cannot be seen or depends on a condition.</summary>
    public static Construction? Read(INamedTypeSymbol type, IMethodSymbol constructor, OperationResolver operations, TorchSymbols torch)
    {
        var reader = new ConstructionReader(type, operations, torch);
        return reader.Enter(constructor) ? new(type, reader._steps.ToImmutableArray()) : null;
    }

    private bool Enter(IMethodSymbol method)
    {
        method = method.OriginalDefinition;
        if (torch.IsDeclaredInTorchSharp(method))
            return true;
        if (!_entered.Add(method))
            return false;
        var blocks = operations.BlocksOf(method);
        var isConstructor = method.MethodKind is MethodKind.Constructor;
        if (blocks.IsEmpty && !(isConstructor && method.IsImplicitlyDeclared && !method.ContainingType.DeclaringSyntaxReferences.IsEmpty))
            return false;
        if (isConstructor && !blocks.Any(CallsConstructor) && !EnterImplicitBase(method.ContainingType))
            return false;
        // The compiler hands out the initializer call after the body; it runs before.
        return blocks.OrderBy(block => block.Syntax.SpanStart).All(block => Visit(block, method.ContainingType, isCertain: true));
    }

    private static bool CallsConstructor(IOperation block) =>
        block.DescendantsAndSelf().OfType<IInvocationOperation>().Any(call => call.TargetMethod.MethodKind is MethodKind.Constructor);

    private bool EnterImplicitBase(INamedTypeSymbol owner)
    {
        if (owner.BaseType is not { } parent || torch.IsDeclaredInTorchSharp(parent))
            return true;
        var candidates = parent.InstanceConstructors.Where(constructor => constructor.Parameters.All(parameter => parameter.IsOptional)).ToList();
        return candidates is [var only] && Enter(only);
    }

    /// <param name="operation">The code.</param>
    /// <param name="owner">The class it belongs to.</param>
    /// <param name="isCertain">True where it runs whenever the constructor does, once.</param>
    private bool Visit(IOperation operation, INamedTypeSymbol owner, bool isCertain)
    {
        if (operation is IAnonymousFunctionOperation or ILocalFunctionOperation)
            return true;
        var goesOn = isCertain && operation is IBlockOperation or IExpressionStatementOperation or IUsingOperation or IInvocationOperation;
        foreach (var child in operation.ChildOperations)
        {
            if (!Visit(child, owner, goesOn))
                return false;
        }

        return operation switch
        {
            IInvocationOperation { Instance: null or IInstanceReferenceOperation } call => VisitCall(call, owner, isCertain),
            ISimpleAssignmentOperation assignment => VisitAssignment(assignment.Target, assignment.Value, owner, assignment),
            ICoalesceAssignmentOperation assignment => VisitAssignment(assignment.Target, assignment.Value, owner, assignment),
            _ => true,
        };
    }

    private bool VisitCall(IInvocationOperation call, INamedTypeSymbol owner, bool isCertain)
    {
        var method = call.TargetMethod;
        if (torch.TrainingCallOf(method) is TrainingCallKind.RegisterComponents)
        {
            _steps.Add(new(owner, null, call.Syntax.GetLocation()));
            return isCertain;
        }

        if (call.Instance is null || torch.IsDeclaredInTorchSharp(method) || !torch.IsUserModule(method.ContainingType))
            return true;
        var before = _steps.Count;
        var isConstructor = method.MethodKind is MethodKind.Constructor;
        if (call.IsVirtual && !isConstructor && !type.IsSealed && (method.IsVirtual || method.IsAbstract || method.IsOverride))
            return torch.TrainingCallOf(method) is not null;
        return Enter(method) && (isCertain || _steps.Skip(before).All(step => step.Member is not null));
    }

    private bool VisitAssignment(IOperation target, IOperation value, INamedTypeSymbol owner, IOperation assignment)
    {
        if (ModuleMembers.Of(target) is { } member && NewModules.Makes(value, torch))
            _steps.Add(new(owner, member, assignment.Syntax.GetLocation()));
        return true;
    }
}
