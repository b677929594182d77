using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Torch;

/// <summary>What objects of a type are to TorchSharp: a tensor, a module, an optimizer. Asked of the same few types at each operation, so each is answered once.</summary>
internal sealed class TypeRoles(Func<ITypeSymbol, TypeRole> ofDefinition, Func<ITypeSymbol, bool> isModuleInterface)
{
    private readonly ConcurrentDictionary<ITypeSymbol, TypeRole> _known = new(SymbolEqualityComparer.Default);

    /// <summary>The roles that the type has itself or by its base classes; a type parameter has those of its constraints.</summary>
    public TypeRole Of(ITypeSymbol? type) => type is null ? TypeRole.None : _known.TryGetValue(type, out var known) ? known : _known.GetOrAdd(type, Read(type));

    private TypeRole Read(ITypeSymbol type)
    {
        var roles = TypeRole.None;
        if (type.TypeKind is TypeKind.Interface)
            return isModuleInterface(type) || type.AllInterfaces.Any(face => isModuleInterface(face)) ? TypeRole.Module : TypeRole.None;
        if (type is ITypeParameterSymbol parameter)
        {
            foreach (var constraint in parameter.ConstraintTypes)
                roles |= Of(constraint);
            return roles;
        }

        for (var current = type; current is not null; current = current.BaseType)
            roles |= ofDefinition(current.OriginalDefinition);
        return roles;
    }
}

/// <summary>The parts that an object can play.</summary>
[Flags]
internal enum TypeRole
{
    None = 0,
    Tensor = 1,
    Parameter = 2,
    Module = 4,
    Optimizer = 8,
    Scheduler = 16,
}
