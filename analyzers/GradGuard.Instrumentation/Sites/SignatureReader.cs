using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GradGuard.Instrumentation.Sites;

/// <summary>Writes a method down as an interceptor has to repeat it, or says why none can.</summary>
internal static class SignatureReader
{
    public const string Inaccessible = "its type is private, protected or local to a file: make it internal";
    private const string ReturnsReference = "it returns by reference";
    private const string AmbiguousNames = "generic types nested in each other use one type parameter's name twice: rename one";

    private static readonly SymbolDisplayFormat Types = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>The signature, or the reason why there is none.</summary>
    /// <param name="method">The method as called.</param>
    /// <param name="compilation">The compilation of the call.</param>
    public static (InterceptedSignature? Signature, string? Hidden) Read(IMethodSymbol method, Compilation compilation)
    {
        method = method.ReducedFrom is { } extension
            ? (extension.IsGenericMethod ? extension.Construct([.. method.TypeArguments]) : extension)
            : method;
        if (!IsReachable(method, compilation))
            return (null, Inaccessible);
        if (method.ReturnsByRef || method.ReturnsByRefReadonly)
            return (null, ReturnsReference);

        // An interceptor may be closed where the call is; where the call itself is generic it repeats all type parameters.
        IReadOnlyList<ITypeParameterSymbol> typeParameters = [];
        if (IsOpen(method))
        {
            method = method.OriginalDefinition;
            typeParameters = [.. TypeParametersOf(method.ContainingType), .. method.TypeParameters];
            if (typeParameters.Select(static parameter => parameter.Name).Distinct().Count() < typeParameters.Count)
                return (null, AmbiguousNames);
        }

        return (Write(method, typeParameters), null);
    }

    private static InterceptedSignature Write(IMethodSymbol method, IReadOnlyList<ITypeParameterSymbol> typeParameters)
    {
        var parameters = method.Parameters.Select(static (parameter, index) => $"{RefKindOf(parameter)}{Display(parameter.Type)} arg{index}").ToList();
        var arguments = method.Parameters.Select(static (parameter, index) => $"{ArgumentKindOf(parameter)}arg{index}");
        var typeArguments = method.IsGenericMethod ? $"<{string.Join(", ", method.TypeArguments.Select(Display))}>" : "";
        var owner = Display(method.ContainingType);
        if (!method.IsStatic)
        {
            parameters.Insert(0, $"this {owner} self");
            owner = "self";
        }

        var name = SyntaxFacts.GetKeywordKind(method.Name) == SyntaxKind.None ? method.Name : "@" + method.Name;
        return new InterceptedSignature(
            typeParameters.Count == 0 ? "" : $"<{string.Join(", ", typeParameters.Select(static parameter => parameter.Name))}>",
            string.Concat(typeParameters.Select(ConstraintsOf)),
            method.ReturnsVoid ? "void" : Display(method.ReturnType),
            string.Join(", ", parameters),
            $"{owner}.{name}{typeArguments}({string.Join(", ", arguments)})",
            method.Parameters is [{ RefKind: RefKind.None, Type: { IsRefLikeType: false, TypeKind: not TypeKind.Pointer } }, ..] ? "arg0" : "");
    }

    private static string Display(ITypeSymbol type) => type.ToDisplayString(Types);

    private static string RefKindOf(IParameterSymbol parameter) => parameter.RefKind switch
    {
        RefKind.Ref => "ref ",
        RefKind.Out => "out ",
        RefKind.In => "in ",
        RefKind.RefReadOnlyParameter => "ref readonly ",
        _ => "",
    };

    private static string ArgumentKindOf(IParameterSymbol parameter) => parameter.RefKind switch
    {
        RefKind.Ref => "ref ",
        RefKind.Out => "out ",
        RefKind.In or RefKind.RefReadOnlyParameter => "in ",
        _ => "",
    };

    private static string ConstraintsOf(ITypeParameterSymbol parameter)
    {
        var constraints = new List<string>();
        if (parameter.HasReferenceTypeConstraint)
            constraints.Add(parameter.ReferenceTypeConstraintNullableAnnotation == NullableAnnotation.Annotated ? "class?" : "class");
        if (parameter.HasUnmanagedTypeConstraint)
            constraints.Add("unmanaged");
        else if (parameter.HasValueTypeConstraint)
            constraints.Add("struct");
        if (parameter.HasNotNullConstraint)
            constraints.Add("notnull");
        constraints.AddRange(parameter.ConstraintTypes.Select(Display));
        if (parameter.HasConstructorConstraint && !parameter.HasValueTypeConstraint)
            constraints.Add("new()");
        return constraints.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", constraints)}";
    }

    private static IEnumerable<ITypeParameterSymbol> TypeParametersOf(INamedTypeSymbol? type)
        => type is null ? [] : [.. TypeParametersOf(type.ContainingType), .. type.TypeParameters];

    private static bool IsOpen(IMethodSymbol method) => IsOpen(method.ContainingType) || method.TypeArguments.Any(IsOpen);

    private static bool IsOpen(ITypeSymbol? type) => type switch
    {
        ITypeParameterSymbol => true,
        IArrayTypeSymbol array => IsOpen(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.Any(IsOpen) || IsOpen(named.ContainingType),
        _ => false,
    };

    private static bool IsReachable(IMethodSymbol method, Compilation compilation)
        => compilation.IsSymbolAccessibleWithin(method.OriginalDefinition, compilation.Assembly)
            && method.Parameters.Select(static parameter => parameter.Type)
                .Append(method.ReturnType).Append(method.ContainingType).Concat(method.TypeArguments)
                .All(type => IsReachable(type, compilation));

    private static bool IsReachable(ITypeSymbol? type, Compilation compilation) => type switch
    {
        null or ITypeParameterSymbol => true,
        IArrayTypeSymbol array => IsReachable(array.ElementType, compilation),
        INamedTypeSymbol named => !named.IsFileLocal
            && compilation.IsSymbolAccessibleWithin(named.OriginalDefinition, compilation.Assembly)
            && IsReachable(named.ContainingType, compilation)
            && named.TypeArguments.All(argument => IsReachable(argument, compilation)),
        _ => true,
    };
}
