using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Composition;

/// <summary>The fields of an object as its code names them: a field, or a property that is nothing but one.</summary>
internal static class ModuleMembers
{
    /// <summary>The field or auto-property of <c>this</c> that an expression names; null for everything else.</summary>
    public static ISymbol? Of(IOperation? operation) => operation switch
    {
        IFieldReferenceOperation { Instance: IInstanceReferenceOperation, Field: { IsStatic: false } field } => field,
        IPropertyReferenceOperation { Instance: IInstanceReferenceOperation, Property: { IsStatic: false } property } when IsStored(property) => property,
        _ => null,
    };

    /// <summary>True for an auto-property.</summary>
    public static bool IsStored(IPropertySymbol property) => property.ContainingType.GetMembers().OfType<IFieldSymbol>()
        .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property.OriginalDefinition));
}
