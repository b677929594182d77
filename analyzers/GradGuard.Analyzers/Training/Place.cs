using System.Collections.Immutable;
using GradGuard.Analyzers.Source;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Training;

/// <summary>
/// A storage location as one method sees it: a local, a parameter, <c>this</c>, or a member of another place. Equal places hold the same object,
/// as far as assignments between them are not looked at; places of elements or results are not known, which is a null <see cref="Place"/>.
/// </summary>
internal sealed class Place : IEquatable<Place>
{
    private readonly ImmutableArray<ISymbol> _path;

    private Place(ImmutableArray<ISymbol> path) => _path = path;

    /// <summary>The object whose method runs.</summary>
    public static Place This { get; } = new(ImmutableArray<ISymbol>.Empty);

    /// <summary>The local, parameter or member at the end of the path; null for <see cref="This"/>.</summary>
    public ISymbol? Symbol => _path.IsEmpty ? null : _path[_path.Length - 1];

    /// <summary>The local, parameter or member the path begins with; null for <see cref="This"/>.</summary>
    public ISymbol? Root => _path.IsEmpty ? null : _path[0];

    /// <summary>True for <see cref="This"/> and its instance members.</summary>
    public bool IsOnThis => Root is null or IFieldSymbol { IsStatic: false } or IPropertySymbol { IsStatic: false };

    /// <summary>The declared type; null for <see cref="This"/>.</summary>
    public ITypeSymbol? Type => Symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol member => member.Type,
        IPropertySymbol property => property.Type,
        _ => null,
    };

    /// <summary>True for a field or property of anything.</summary>
    public bool IsMember => Symbol is IFieldSymbol or IPropertySymbol;

    /// <summary>As written in the source, for messages.</summary>
    public string Name => _path.IsEmpty ? "this" : string.Join(".", _path.Select(symbol => symbol.Name));

    /// <summary>The place of <paramref name="symbol"/> itself.</summary>
    public static Place Of(ISymbol symbol) => new(ImmutableArray.Create(symbol.OriginalDefinition));

    /// <summary>The place an expression reads, null where it is computed or an element of something.</summary>
    public static Place? Of(IOperation? operation) => operation switch
    {
        IConversionOperation conversion => Of(conversion.Operand),
        IArgumentOperation argument => Of(argument.Value),
        ILocalReferenceOperation local => Of(local.Local),
        IParameterReferenceOperation parameter => Of(parameter.Parameter),
        IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } => This,
        IFieldReferenceOperation field => OfMember(field),
        IPropertyReferenceOperation { Arguments.IsEmpty: true } property => OfMember(property),
        IAssignmentOperation assignment => Of(assignment.Target),
        IDeclarationExpressionOperation declaration => Of(declaration.Expression),
        IConditionalAccessInstanceOperation instance => Of(instance.AccessedValue()),
        _ => null,
    };

    /// <summary>
    /// This place as the caller sees it: parameters replaced by arguments, <c>this</c> by the receiver. Where those are computed the place stays as
    /// the callee names it: still one object during that call.
    /// </summary>
    public Place Rebase(Place? receiver, IReadOnlyDictionary<ISymbol, Place?> arguments)
    {
        if (Root is not null && arguments.TryGetValue(Root, out var argument))
            return argument is null ? this : new Place(argument._path.AddRange(_path.RemoveAt(0)));
        return receiver is not null && IsOnThis ? new Place(receiver._path.AddRange(_path)) : this;
    }

    /// <summary>A place that stands beside this one: <c>trainer.optimizer</c> and <c>model</c> give <c>trainer.model</c>.</summary>
    public Place Beside(Place other) => !other.IsOnThis || _path.IsEmpty ? other : new Place(_path.RemoveAt(_path.Length - 1).AddRange(other._path));

    /// <summary>True for <paramref name="other"/> itself and for everything it holds.</summary>
    public bool IsWithin(Place other) =>
        _path.Length >= other._path.Length && _path.Take(other._path.Length).SequenceEqual(other._path, SymbolEqualityComparer.Default);

    public bool Equals(Place? other) => other is not null && _path.SequenceEqual(other._path, SymbolEqualityComparer.Default);

    public override bool Equals(object? obj) => Equals(obj as Place);

    public override int GetHashCode() => Symbol is { } symbol ? SymbolEqualityComparer.Default.GetHashCode(symbol) : 0;

    private static Place? OfMember(IMemberReferenceOperation member) =>
        member.Instance is null ? Of(member.Member) : Of(member.Instance) is { } holder ? new Place(holder._path.Add(member.Member.OriginalDefinition)) : null;
}
