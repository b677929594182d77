using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Instrumentation.Sites;

/// <summary>
/// Finds the lines that create the elements of a class's lists of layers: what is added one by one, in a loop or not, to the list itself or
/// to a local one that it is made of. A list that other code may fill as well is left out.
/// </summary>
internal sealed class LayerElementsReader(SemanticModel model, CallKinds calls, CancellationToken cancellation)
{
    private static readonly HashSet<string> Additions = ["Add", "append", "add_module", "register_module"];
    private static readonly HashSet<string> Rearrangements = ["AddRange", "extend", "Insert", "insert", "Remove", "RemoveAt", "Clear"];

    private readonly Dictionary<ISymbol, List<Element>> _added = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, List<Element>> _begun = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _unclear = new(SymbolEqualityComparer.Default);

    /// <summary>The elements of a class's lists, each list's in the order of their addition.</summary>
    public IEnumerable<LayerElement> Read(ClassDeclarationSyntax declaration, string type)
    {
        foreach (var invocation in declaration.DescendantNodes(node => node == declaration || node is not ClassDeclarationSyntax).OfType<InvocationExpressionSyntax>())
            ReadCall(invocation);
        foreach (var (member, value) in LayerMembers.Of(declaration, model, cancellation))
        {
            if (!_begun.ContainsKey(member))
                _begun[member] = [.. Begun(value)];
        }

        foreach (var member in _begun.Keys.Union<ISymbol>(_added.Keys, SymbolEqualityComparer.Default).Where(member => member is not ILocalSymbol && !_unclear.Contains(member)))
        {
            List<Element> elements = [.. Look(_begun, member), .. Look(_added, member)];
            var isOrdered = IsOrdered(elements);
            for (var order = 0; order < elements.Count; order++)
            {
                var element = elements[order];
                yield return new LayerElement(type, member.Name, element.Line, order, element.Type,
                    !isOrdered ? ElementTimes.Unknown : element.Loop is null ? ElementTimes.Once : ElementTimes.EachTurn);
            }
        }
    }

    private void ReadCall(InvocationExpressionSyntax invocation)
    {
        foreach (var argument in invocation.ArgumentList.Arguments)
        {
            // The program's own method may add to a list that it is given.
            if (argument.Expression is IdentifierNameSyntax && SymbolOf(invocation) is { DeclaringSyntaxReferences.Length: > 0 } && SymbolOf(argument.Expression) is { } given)
                _unclear.Add(given);
        }

        if (invocation.Expression is not MemberAccessExpressionSyntax access)
            return;
        var name = access.Name.Identifier.ValueText;
        if (!(Additions.Contains(name) || Rearrangements.Contains(name)) || SymbolOf(access.Expression) is not { Kind: SymbolKind.Field or SymbolKind.Property or SymbolKind.Local } list)
            return;
        if (Rearrangements.Contains(name))
        {
            _unclear.Add(list);
            return;
        }

        if (!_added.TryGetValue(list, out var elements))
            _added[list] = elements = [];
        elements.AddRange(invocation.ArgumentList.Arguments.Select(argument => ElementOf(argument.Expression, invocation)).OfType<Element>());
    }

    /// <summary>What a list holds when it is made: arguments, a local list, or what a lambda makes of each of several numbers.</summary>
    private IEnumerable<Element> Begun(ExpressionSyntax value)
    {
        var arguments = value switch
        {
            InvocationExpressionSyntax invocation => invocation.ArgumentList.Arguments,
            BaseObjectCreationExpressionSyntax { ArgumentList: { } list } => list.Arguments,
            _ => default,
        };
        foreach (var argument in arguments)
        {
            if (ElementOf(argument.Expression, argument) is { } element)
                yield return element;
            else if (arguments.Count == 1)
            {
                foreach (var listed in Listed(argument.Expression))
                    yield return listed;
            }
        }
    }

    private IEnumerable<Element> Listed(ExpressionSyntax list)
    {
        while (list is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ToArray" or "ToList" } access })
            list = access.Expression;
        if (SymbolOf(list) is ILocalSymbol local)
            return _unclear.Contains(local) ? [] : Look(_added, local);
        return list is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Select" }, ArgumentList.Arguments: [{ Expression: LambdaExpressionSyntax { Body: ExpressionSyntax made } lambda }] }
            && ElementOf(made, made) is { } element
            ? [element with { Loop = lambda, IsCertain = true }]
            : [];
    }

    private Element? ElementOf(ExpressionSyntax value, SyntaxNode addition)
    {
        if (value is TupleExpressionSyntax { Arguments: [.., var last] })
            value = last.Expression;
        if (!calls.IsModule(model.GetTypeInfo(value, cancellation).Type))
            return null;
        if (SymbolOf(value) is ILocalSymbol { DeclaringSyntaxReferences: [var declared] } && declared.GetSyntax(cancellation) is VariableDeclaratorSyntax { Initializer.Value: { } created })
            value = created;
        var around = addition.Ancestors().TakeWhile(static node => node is not MemberDeclarationSyntax).ToList();
        var loops = around.Where(IsLoop).ToList();
        return new Element(
            SourceNames.LineOf(value),
            model.GetTypeInfo(value, cancellation).Type is INamedTypeSymbol { TypeKind: TypeKind.Class, IsAbstract: false } type ? SourceNames.MetadataName(type.OriginalDefinition) : "",
            loops.FirstOrDefault(),
            loops.Count <= 1 && !around.Exists(IsBranch) && addition.Ancestors().OfType<MemberDeclarationSyntax>().FirstOrDefault() is ConstructorDeclarationSyntax or FieldDeclarationSyntax);
    }

    /// <summary>True where the order of the lines tells the order in the list: one loop at most, whose lines follow each other, and no branch.</summary>
    private static bool IsOrdered(List<Element> elements)
    {
        var first = elements.FindIndex(static element => element.Loop is not null);
        var last = elements.FindLastIndex(static element => element.Loop is not null);
        return elements.TrueForAll(static element => element.IsCertain)
            && (first < 0 || elements.GetRange(first, last - first + 1).TrueForAll(element => element.Loop == elements[first].Loop));
    }

    private static bool IsLoop(SyntaxNode node) => node is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax;

    private static bool IsBranch(SyntaxNode node)
        => node is IfStatementSyntax or SwitchStatementSyntax or SwitchExpressionSyntax or ConditionalExpressionSyntax or TryStatementSyntax or LambdaExpressionSyntax or LocalFunctionStatementSyntax;

    private ISymbol? SymbolOf(ExpressionSyntax expression) => model.GetSymbolInfo(expression, cancellation).Symbol;

    private static List<Element> Look(Dictionary<ISymbol, List<Element>> elements, ISymbol symbol)
        => elements.TryGetValue(symbol, out var found) ? found : [];

    /// <summary>An element as the code adds it.</summary>
    /// <param name="Line">Line that creates it.</param>
    /// <param name="Type">Metadata name of its class; empty where the code does not tell.</param>
    /// <param name="Loop">The loop that adds it; null for none.</param>
    /// <param name="IsCertain">True when it is added once, or once a turn of one loop.</param>
    private sealed record Element(int Line, string Type, SyntaxNode? Loop, bool IsCertain);
}
