using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Composition;

/// <summary>Finds the plain collections of a module class that new modules or parameters are put into, and nothing else than they are made of.</summary>
internal sealed class CollectionReader(ImmutableArray<IOperation> code, TorchSymbols torch)
{
    public ImmutableArray<PlainCollection> Read(INamedTypeSymbol type) => type.GetMembers()
        .Where(member => !member.IsStatic && TypeOf(member) is { } held && IsPlainCollection(held))
        .Select(Read)
        .OfType<PlainCollection>()
        .ToImmutableArray();

    private PlainCollection? Read(ISymbol member)
    {
        var references = code.SelectMany(block => block.DescendantsAndSelf()).Where(operation => IsReferenceTo(operation, member)).ToList();
        var elements = code.SelectMany(block => Initializers(block, member)).Concat(references.SelectMany(ElementsPutIn)).ToImmutableArray();
        if (elements.IsEmpty || references.Any(IsHandedToAModule))
            return null;
        var isOutOfSight = member.DeclaredAccessibility is not Accessibility.Private || references.Any(IsHandedOut);
        return new(member, member.Locations[0], elements.Select(element => element.Syntax.GetLocation()).ToImmutableArray(), isOutOfSight)
        {
            IsKeyed = TypeOf(member) is INamedTypeSymbol { TypeArguments.Length: 2 },
            CanBeModuleList = new ListReplacement(code, torch).Fits(member, references, elements),
            HoldsParameters = elements.All(element => torch.IsParameter(element.Type)),
        };
    }

    private static ITypeSymbol? TypeOf(ISymbol member) => member switch
    {
        IFieldSymbol { IsImplicitlyDeclared: false } field => field.Type,
        IPropertySymbol property when ModuleMembers.IsStored(property) => property.Type,
        _ => null,
    };

    private bool IsPlainCollection(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => Holds(array.ElementType),
        INamedTypeSymbol named => !torch.IsModule(named) && named.TypeArguments.Any(Holds)
            && named.AllInterfaces.Append(named).Any(implemented => implemented.SpecialType is SpecialType.System_Collections_IEnumerable),
        _ => false,
    };

    private bool Holds(ITypeSymbol element) =>
        torch.IsModule(element) || torch.IsParameter(element)
        || (element is INamedTypeSymbol { IsTupleType: true } tuple && tuple.TupleElements.Any(item => Holds(item.Type)));

    private static bool IsReferenceTo(IOperation operation, ISymbol member) =>
        ModuleMembers.Of(operation) is { } named && SymbolEqualityComparer.Default.Equals(named.OriginalDefinition, member);

    private IEnumerable<IOperation> Initializers(IOperation block, ISymbol member) => block switch
    {
        IFieldInitializerOperation field when field.InitializedFields.Contains(member, SymbolEqualityComparer.Default) => NewElements(field.Value),
        IPropertyInitializerOperation property when property.InitializedProperties.Contains(member, SymbolEqualityComparer.Default) => NewElements(property.Value),
        _ => [],
    };

    /// <summary>New modules that an assignment, an <c>Add</c> or an index puts into the collection at <paramref name="reference"/>.</summary>
    private IEnumerable<IOperation> ElementsPutIn(IOperation reference) => reference.Parent switch
    {
        ISimpleAssignmentOperation assignment when assignment.Target == reference => NewElements(assignment.Value),
        IInvocationOperation { TargetMethod.Name: "Add" or "Insert" or "Enqueue" or "Push" } call when call.Instance == reference =>
            call.Arguments.Select(argument => argument.Value).SelectMany(NewIn),
        IArrayElementReferenceOperation { Parent: ISimpleAssignmentOperation assignment } element when assignment.Target == element => NewIn(assignment.Value),
        IPropertyReferenceOperation { Property.IsIndexer: true, Parent: ISimpleAssignmentOperation assignment } item when assignment.Target == item => NewIn(assignment.Value),
        _ => [],
    };

    private IEnumerable<IOperation> NewElements(IOperation? value) => value switch
    {
        IConversionOperation conversion => NewElements(conversion.Operand),
        IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues.SelectMany(NewIn),
        ICollectionExpressionOperation collection => collection.Elements.SelectMany(NewIn),
        IObjectCreationOperation { Initializer: { } initializer } => initializer.Initializers.SelectMany(item => item switch
        {
            IInvocationOperation add => add.Arguments.Select(argument => argument.Value),
            ISimpleAssignmentOperation keyed => [keyed.Value],
            _ => [],
        }).SelectMany(NewIn),
        IInvocationOperation { TargetMethod.Name: "ToArray" or "ToList", Arguments: [{ Value: var source }] } => NewElements(source),
        IInvocationOperation { TargetMethod.Name: "Select", Arguments: [_, { Value: var selector }] } => selector.Descendants()
            .OfType<IReturnOperation>().Select(result => result.ReturnedValue).SelectMany(NewIn),
        _ => [],
    };

    private IEnumerable<IOperation> NewIn(IOperation? value) => value switch
    {
        null => [],
        ITupleOperation tuple => tuple.Elements.SelectMany(NewIn),
        IConversionOperation { Operand: ITupleOperation tuple } => NewIn(tuple),
        _ when NewModules.Makes(value, torch) => [value],
        _ => [],
    };

    /// <summary>Given to a module's constructor or factory (<c>Sequential(layers.ToArray())</c>), which may hold it in a way that counts.</summary>
    private bool IsHandedToAModule(IOperation reference)
    {
        for (var at = reference.Parent; at is not null; at = at.Parent)
        {
            var made = at is IArgumentOperation { Parent: IInvocationOperation call } ? call.TargetMethod.ReturnType : (at as IArgumentOperation)?.Parent?.Type;
            if (made is not null && torch.IsModule(made))
                return true;
        }

        return false;
    }

    /// <summary>Returned, kept elsewhere or given to code that may do anything with it.</summary>
    private bool IsHandedOut(IOperation reference)
    {
        var at = reference.Parent is IConversionOperation ? reference.Parent : reference;
        return at.Parent switch
        {
            IReturnOperation or IVariableInitializerOperation => true,
            ISimpleAssignmentOperation assignment => assignment.Value == at,
            IArgumentOperation { Parent: IInvocationOperation call } => call.TargetMethod.ContainingNamespace?.ToDisplayString() != "System.Linq",
            IArgumentOperation => true,
            _ => false,
        };
    }
}
