using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Instrumentation.Sites;

/// <summary>Finds the lines on which module classes create their layers: field initialisers, assignments, registrations by name.</summary>
internal sealed class LayerSourceReader(SemanticModel model, CallKinds calls, CancellationToken cancellation)
{
    private static readonly HashSet<string> Registrations = ["register_module", "add_module"];

    private readonly List<LayerSource> _found = [];
    private readonly List<LayerElement> _elements = [];

    /// <summary>The layers found. One written in several places is listed where it is created first.</summary>
    public IEnumerable<LayerSource> Layers => _found.GroupBy(static layer => (layer.Type, layer.Name)).Select(static same => same.First());

    /// <summary>The elements of lists of layers.</summary>
    public IEnumerable<LayerElement> Elements => _elements;

    /// <summary>Reads the module classes of a file.</summary>
    public void Read(CompilationUnitSyntax root)
    {
        foreach (var declaration in root.DescendantNodes().OfType<ClassDeclarationSyntax>())
        {
            cancellation.ThrowIfCancellationRequested();
            if (declaration.BaseList is null && !declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
                continue;
            if (model.GetDeclaredSymbol(declaration, cancellation) is not INamedTypeSymbol type || !calls.IsUserModule(type))
                continue;
            Read(declaration, SourceNames.MetadataName(type));
            _elements.AddRange(new LayerElementsReader(model, calls, cancellation).Read(declaration, SourceNames.MetadataName(type)));
        }
    }

    private void Read(ClassDeclarationSyntax declaration, string type)
    {
        foreach (var (member, value) in LayerMembers.Of(declaration, model, cancellation))
            Add(type, member.Name, value);
        foreach (var node in declaration.DescendantNodes(node => node == declaration || node is not ClassDeclarationSyntax))
        {
            if (node is InvocationExpressionSyntax { Expression: SimpleNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax }, ArgumentList.Arguments: [var name, var module] } invocation
                && NameOf(invocation) is { } method && Registrations.Contains(method) && PatternOf(name.Expression) is { } pattern)
                Add(type, pattern, module.Expression);
        }
    }

    private void Add(string type, string name, ExpressionSyntax value)
    {
        value = LayerMembers.Unwrap(value);
        if (!calls.IsModule(model.GetTypeInfo(value, cancellation).Type))
            return;
        _found.Add(new LayerSource(type, name, SourceNames.LineOf(value)));
        if (value is not InvocationExpressionSyntax { ArgumentList.Arguments: var arguments } || NameOf(value) is not ("Sequential" or "ModuleList"))
            return;
        for (var index = 0; index < arguments.Count; index++)
        {
            if (arguments[index].Expression is TupleExpressionSyntax { Arguments: [{ Expression: LiteralExpressionSyntax key }, var layer] })
                Add(type, $"{name}.{key.Token.ValueText}", layer.Expression);
            else
                Add(type, $"{name}.{index}", arguments[index].Expression);
        }
    }

    /// <summary>A name as written, with <c>*</c> for what is put into it: <c>fc*</c> for <c>$"fc{i}"</c>. Null where nothing of it is known.</summary>
    private static string? PatternOf(ExpressionSyntax name) => name switch
    {
        LiteralExpressionSyntax literal => literal.Token.ValueText,
        InterpolatedStringExpressionSyntax { Contents: var parts } when parts.Any(static part => part is InterpolatedStringTextSyntax)
            => string.Concat(parts.Select(static part => part is InterpolatedStringTextSyntax text ? text.TextToken.ValueText : "*")),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression, Left: LiteralExpressionSyntax { Token.Value: string start } } => start + "*",
        _ => null,
    };

    private static string? NameOf(ExpressionSyntax value) => value is not InvocationExpressionSyntax invocation ? null : invocation.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => null,
    };
}
