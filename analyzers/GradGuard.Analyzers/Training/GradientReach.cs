using System.Collections.Concurrent;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Training;

/// <summary>
/// Whether an object of some type can lead a method to an optimizer, a module or a parameter. Code that cannot be seen and is handed nothing of
/// the kind neither zeroes nor clips gradients, so that it need not silence a rule. Answered from declarations alone; unknown is yes.
/// </summary>
internal sealed class GradientReach(TorchSymbols torch)
{
    private const int MaxDepth = 4;

    private readonly ConcurrentDictionary<ITypeSymbol, bool> _known = new(SymbolEqualityComparer.Default);

    /// <summary>True unless nothing that <paramref name="type"/> declares leads to gradients.</summary>
    public bool From(ITypeSymbol? type) => type is null || _known.GetOrAdd(type, key => From(key, depth: 0));

    /// <summary>True unless the static fields of <paramref name="type"/> lead nowhere.</summary>
    public bool FromStatics(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IFieldSymbol>().Any(field => field.IsStatic && !field.IsConst && From(field.Type));

    private bool From(ITypeSymbol type, int depth)
    {
        if (type.SpecialType is SpecialType.System_Object)
            return true;
        if (type.SpecialType is SpecialType.System_String || type.TypeKind is TypeKind.Enum || (type.IsValueType && type.SpecialType is not SpecialType.None))
            return false;
        if (torch.IsOptimizer(type) || torch.IsModule(type) || torch.IsParameter(type) || torch.IsScheduler(type))
            return true;
        if (torch.IsTensor(type) || torch.IsDeclaredInTorchSharp(type))
            return false;
        if (depth == MaxDepth)
            return true;
        return type switch
        {
            IArrayTypeSymbol array => From(array.ElementType, depth + 1),
            INamedTypeSymbol named when IsFramework(named) => named.TypeArguments.Any(argument => From(argument, depth + 1)),
            INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } named => FieldsOf(named).Any(field => From(field.Type, depth + 1)),
            _ => true,
        };
    }

    private static IEnumerable<IFieldSymbol> FieldsOf(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            foreach (var field in current.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsConst))
                yield return field;
        }
    }

    private static bool IsFramework(INamedTypeSymbol type) =>
        type.TypeKind is not TypeKind.Delegate
        && (type.ContainingAssembly?.Name is { } name && (name.StartsWith("System", StringComparison.Ordinal) || name is "mscorlib" or "netstandard"));
}
