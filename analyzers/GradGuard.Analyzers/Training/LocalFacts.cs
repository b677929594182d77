using GradGuard.Analyzers.Source;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Training;

/// <summary>What is known of a method's locals from all of its body: which hold gradients or functions, and what each was given first.</summary>
internal sealed class LocalFacts
{
    // Half-written code may define locals by each other in a circle.
    private const int MaxHops = 16;

    private readonly TorchSymbols _torch;
    private readonly Dictionary<ISymbol, IOperation?> _values = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _references = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _gradients = new(SymbolEqualityComparer.Default);

    public LocalFacts(IEnumerable<IOperation> bodies, TorchSymbols torch)
    {
        _torch = torch;
        foreach (var operation in bodies.SelectMany(body => body.DescendantsAndSelf()))
            Read(operation);
    }

    /// <summary>The operation behind conversions and behind locals that only ever get one value.</summary>
    public IOperation? Resolve(IOperation? operation)
    {
        for (var hops = 0; hops < MaxHops; hops++)
        {
            switch (operation)
            {
                case IConversionOperation conversion:
                    operation = conversion.Operand;
                    break;
                case ILocalReferenceOperation { IsDeclaration: false } local when _values.TryGetValue(local.Local, out var value) && value is not null:
                    operation = value;
                    break;
                default:
                    return operation;
            }
        }

        return null;
    }

    /// <summary>The place of a module, optimizer or scheduler, seen through <c>model.to(device)</c> and through locals that only rename it.</summary>
    public Place? PlaceOf(IOperation? operation)
    {
        for (var hops = 0; hops < MaxHops; hops++)
        {
            switch (operation)
            {
                case IConversionOperation conversion:
                    operation = conversion.Operand;
                    break;
                case IArgumentOperation argument:
                    operation = argument.Value;
                    break;
                case IInvocationOperation move when _torch.TrainingCallOf(move.TargetMethod) is TrainingCallKind.MoveModule:
                    operation = move.Instance ?? move.Arguments.FirstOrDefault()?.Value;
                    break;
                case ILocalReferenceOperation { IsDeclaration: false } local when IsRenaming(local.Local, out var value):
                    operation = value;
                    break;
                default:
                    return Place.Of(operation);
            }
        }

        return null;
    }

    /// <summary>True where the local is declared and never mentioned again.</summary>
    public bool IsNeverRead(ILocalSymbol local) => !_references.Contains(local);

    /// <summary>True for <c>p.grad</c>, and for a local that was taken from one.</summary>
    public bool IsGradient(IOperation? operation) => operation switch
    {
        IConversionOperation conversion => IsGradient(conversion.Operand),
        IPropertyReferenceOperation { Property: var property } reference =>
            _torch.IsGradient(property) || (property.Name == "data" && IsGradient(reference.Instance)),
        ILocalReferenceOperation local => _gradients.Contains(local.Local),
        IConditionalAccessInstanceOperation instance => IsGradient(instance.AccessedValue()),
        IInvocationOperation { Instance: { } receiver, TargetMethod.Name: var name } when name == "detach" || name.EndsWith("_", StringComparison.Ordinal) =>
            IsGradient(receiver),
        _ => false,
    };

    private bool IsRenaming(ILocalSymbol local, out IOperation? value)
    {
        if (!_values.TryGetValue(local, out value) || value is null)
            return false;
        var renamed = value;
        while (renamed is IConversionOperation conversion)
            renamed = conversion.Operand;
        return Place.Of(renamed) is not null || (renamed is IInvocationOperation call
            && _torch.TrainingCallOf(call.TargetMethod) is TrainingCallKind.MoveModule
            && PlaceOf(call) is not null);
    }

    private void Read(IOperation operation)
    {
        switch (operation)
        {
            case IVariableDeclaratorOperation declarator when declarator.GetVariableInitializer() is { } initializer:
                SetValue(declarator.Symbol, initializer.Value);
                break;
            case IAssignmentOperation { Target: ILocalReferenceOperation target } assignment:
                SetValue(target.Local, assignment is ISimpleAssignmentOperation ? assignment.Value : null);
                break;
            case IForEachLoopOperation loop when MentionsGradient(loop.Collection):
                _gradients.UnionWith(loop.Locals);
                break;
            case IIsPatternOperation pattern when MentionsGradient(pattern.Value):
                _gradients.UnionWith(pattern.Pattern.DescendantsAndSelf().OfType<IDeclarationPatternOperation>().Select(p => p.DeclaredSymbol).OfType<ISymbol>());
                _gradients.UnionWith(pattern.Pattern.DescendantsAndSelf().OfType<IRecursivePatternOperation>().Select(p => p.DeclaredSymbol).OfType<ISymbol>());
                break;
            case ILocalReferenceOperation { IsDeclaration: false } reference:
                _references.Add(reference.Local);
                break;
        }
    }

    private void SetValue(ILocalSymbol local, IOperation? value)
    {
        _values[local] = _values.ContainsKey(local) ? null : value;
        if (value is not null && IsGradient(value))
            _gradients.Add(local);
    }

    private bool MentionsGradient(IOperation operation) =>
        operation.DescendantsAndSelf().Any(inner => inner is IPropertyReferenceOperation { Property: var property } && _torch.IsGradient(property));
}
