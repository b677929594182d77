using GradGuard.Cli.Input;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Cli.Analysis;

/// <summary>Makes plain findings out of the compiler's diagnostics.</summary>
/// <param name="workingDirectory">Full path that paths are told from.</param>
internal sealed class FindingFactory(string workingDirectory)
{
    public Finding Create(Diagnostic diagnostic)
    {
        var place = diagnostic.Location;
        var tree = place.SourceTree ?? throw new InvalidOperationException($"{diagnostic.Id} names no place in a source file.");
        var node = tree.GetRoot().FindNode(place.SourceSpan, getInnermostNodeForTie: true);
        return new()
        {
            Id = diagnostic.Id,
            Severity = diagnostic.Severity switch
            {
                DiagnosticSeverity.Error => Severity.Error,
                DiagnosticSeverity.Warning => Severity.Warning,
                _ => Severity.Info,
            },
            Title = diagnostic.Descriptor.Title.ToString(),
            Message = diagnostic.GetMessage(),
            Category = diagnostic.Descriptor.Category,
            Help = diagnostic.Descriptor.HelpLinkUri,
            Place = Span(place),
            RelatedPlaces = [.. diagnostic.AdditionalLocations.Where(related => related.SourceTree is not null).Select(Span)],
            Symbol = SymbolAround(node),
            Context = NormalizedContext.Around(node),
            Line = tree.GetText().Lines.GetLineFromPosition(place.SourceSpan.Start).ToString(),
        };
    }

    private SourceSpan Span(Location location)
    {
        var span = location.GetLineSpan();
        return new(
            DisplayPath.Of(span.Path, workingDirectory),
            span.StartLinePosition.Line + 1,
            span.StartLinePosition.Character + 1,
            span.EndLinePosition.Line + 1,
            span.EndLinePosition.Character + 1);
    }

    /// <summary>Namespaces, types and the outermost member around a node, as written.</summary>
    private static string SymbolAround(SyntaxNode node) =>
        string.Join('.', node.AncestorsAndSelf().Select(NameOf).Where(name => name.Length > 0).Reverse());

    private static string NameOf(SyntaxNode node) => node switch
    {
        BaseNamespaceDeclarationSyntax space => space.Name.ToString(),
        BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        ConstructorDeclarationSyntax => ".ctor",
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } field => field.Identifier.ValueText,
        OperatorDeclarationSyntax @operator => "operator" + @operator.OperatorToken.ValueText,
        IndexerDeclarationSyntax => "this[]",
        _ => "",
    };
}
