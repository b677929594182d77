using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Instrumentation.Sites;

/// <summary>Finds the lines on which module classes create their layers: field initialisers, assignments, registrations by name.</summary>
internal sealed class LayerSourceReader(SemanticModel model, CallKinds calls, CancellationToken cancellation)
{
    private static readonly HashSet<string> Registrations = ["register_module", "add_module"];

    /// <summary>The layers of a file's modules. One written in several places is listed where it is created first.</summary>
    public IEnumerable<LayerSource> Read(CompilationUnitSyntax root)
    {
        var found = new List<LayerSource>();
        foreach (var declaration in root.DescendantNodes().OfType<ClassDeclarationSyntax>())
        {
            cancellation.ThrowIfCancellationRequested();
            if (declaration.BaseList is null && !declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
                continue;
            if (model.GetDeclaredSymbol(declaration, cancellation) is INamedTypeSymbol type && calls.IsUserModule(type))
                Read(declaration, SourceNames.MetadataName(type), found);
        }

        return found.GroupBy(static layer => (layer.Type, layer.Name)).Select(static same => same.First());
    }

    private void Read(ClassDeclarationSyntax declaration, string type, List<LayerSource> found)
    {
        foreach (var node in declaration.DescendantNodes(node => node == declaration || node is not ClassDeclarationSyntax))
        {
            switch (node)
            {
                case VariableDeclaratorSyntax { Initializer.Value: { } value, Parent.Parent: FieldDeclarationSyntax } field:
                    Add(type, field.Identifier.ValueText, value, found);
                    break;
                case AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment
                    when model.GetSymbolInfo(assignment.Left, cancellation).Symbol is IFieldSymbol or IPropertySymbol:
                    if (model.GetSymbolInfo(assignment.Left, cancellation).Symbol is { } member)
                        Add(type, member.Name, assignment.Right, found);
                    break;
                case InvocationExpressionSyntax { ArgumentList.Arguments: [{ Expression: LiteralExpressionSyntax name }, var module] } invocation
                    when NameOf(invocation) is { } method && Registrations.Contains(method):
                    Add(type, name.Token.ValueText, module.Expression, found);
                    break;
            }
        }
    }

    private void Add(string type, string name, ExpressionSyntax value, List<LayerSource> found)
    {
        value = Unwrap(value);
        if (!calls.IsModule(model.GetTypeInfo(value, cancellation).Type))
            return;
        found.Add(new LayerSource(type, name, SourceNames.LineOf(value)));
        if (value is not InvocationExpressionSyntax { ArgumentList.Arguments: var arguments } || NameOf(value) is not ("Sequential" or "ModuleList"))
            return;
        for (var index = 0; index < arguments.Count; index++)
        {
            if (arguments[index].Expression is TupleExpressionSyntax { Arguments: [{ Expression: LiteralExpressionSyntax key }, var layer] })
                Add(type, $"{name}.{key.Token.ValueText}", layer.Expression, found);
            else
                Add(type, $"{name}.{index}", arguments[index].Expression, found);
        }
    }

    private static ExpressionSyntax Unwrap(ExpressionSyntax value) => value switch
    {
        ParenthesizedExpressionSyntax parenthesized => Unwrap(parenthesized.Expression),
        CastExpressionSyntax cast => Unwrap(cast.Expression),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } sure => Unwrap(sure.Operand),
        _ => value,
    };

    private static string? NameOf(ExpressionSyntax value) => value is not InvocationExpressionSyntax invocation ? null : invocation.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => null,
    };
}
