using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Composition;

/// <summary>Whether a <c>List</c> of modules could be a <c>ModuleList</c> instead, with no other change to the code.</summary>
internal sealed class ListReplacement(ImmutableArray<IOperation> code, TorchSymbols torch)
{
    private static readonly ImmutableHashSet<string> Shared =
        ImmutableHashSet.Create("Add", "Insert", "Clear", "Remove", "RemoveAt", "IndexOf", "Contains", "CopyTo", "GetEnumerator");

    /// <param name="member">The field.</param>
    /// <param name="references">All places that name it.</param>
    /// <param name="elements">Where modules are put into it.</param>
    public bool Fits(ISymbol member, IReadOnlyList<IOperation> references, ImmutableArray<IOperation> elements) =>
        member is IFieldSymbol { Type: INamedTypeSymbol { Name: "List", TypeArguments: [INamedTypeSymbol { TypeKind: TypeKind.Class } element] } list }
        && list.ContainingNamespace.ToDisplayString() == "System.Collections.Generic" && torch.IsModule(element)
        && references.Concat(elements).All(operation => operation.Syntax.SyntaxTree == member.Locations[0].SourceTree)
        && references.All(IsShared) && code.All(block => IsPlainStart(block, member)) && !code.Any(block => GrowsAfterRegistration(block, elements));

    /// <summary>A use that both classes have: both are <c>IList</c>.</summary>
    private static bool IsShared(IOperation reference) => reference.Parent switch
    {
        IInvocationOperation call => call.Instance == reference && Shared.Contains(call.TargetMethod.Name),
        IPropertyReferenceOperation property => property.Instance == reference && (property.Property.IsIndexer || property.Property.Name == "Count"),
        ISimpleAssignmentOperation assignment => assignment.Target == reference && IsNew(assignment.Value),
        IConversionOperation { IsImplicit: true } conversion => conversion.Parent is IForEachLoopOperation
            || conversion.Type is INamedTypeSymbol { TypeKind: TypeKind.Interface, Name: "IEnumerable" or "ICollection" or "IList" },
        IForEachLoopOperation => true,
        _ => false,
    };

    private static bool IsPlainStart(IOperation block, ISymbol member) =>
        block is not IFieldInitializerOperation field || !field.InitializedFields.Contains(member, SymbolEqualityComparer.Default) || IsNew(field.Value);

    /// <summary>A new list, with no more said than its first elements.</summary>
    private static bool IsNew(IOperation value) =>
        (value is IConversionOperation conversion ? conversion.Operand : value) is IObjectCreationOperation { Arguments.IsEmpty: true };

    /// <summary>A <c>ModuleList</c> tells its owner of its elements once, when the owner registers it.</summary>
    private bool GrowsAfterRegistration(IOperation block, ImmutableArray<IOperation> elements) => block.DescendantsAndSelf().OfType<IInvocationOperation>()
        .Where(call => torch.TrainingCallOf(call.TargetMethod) is TrainingCallKind.RegisterComponents)
        .Any(call => elements.Any(element => element.Syntax.SpanStart > call.Syntax.SpanStart && block.Syntax.Span.Contains(element.Syntax.Span)));
}
