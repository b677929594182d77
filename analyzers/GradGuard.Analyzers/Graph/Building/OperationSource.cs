using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>
/// Where the body of a member is found. The host adds the operation blocks it is shown; a member declared in a file that any of them comes
/// from is read through that block's own semantic model, so no model is ever created. A member of another file is not known.
/// </summary>
internal sealed class OperationSource
{
    private readonly ConcurrentDictionary<ISymbol, ImmutableArray<IOperation>> _blocks = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> _models = new();

    /// <summary>Adds what an operation block action was shown. Safe to call from several threads.</summary>
    public void Add(ISymbol owner, ImmutableArray<IOperation> blocks)
    {
        var roots = blocks.Select(RootOf).Distinct().ToImmutableArray();
        _blocks.AddOrUpdate(owner, roots, (_, known) => known.AddRange(roots));
        foreach (var root in roots)
            Learn(root.SemanticModel);
    }

    /// <summary>Lets members of one more file be read.</summary>
    public void Learn(SemanticModel? model)
    {
        if (model is not null)
            _models.TryAdd(model.SyntaxTree, model);
    }

    /// <summary>
    /// The body or initializer of a method, constructor, accessor, field or property: method and constructor bodies, field and property
    /// initializers, the block of an arrow. Empty where there is none or its file is not known.
    /// </summary>
    public ImmutableArray<IOperation> OperationsOf(ISymbol member, CancellationToken cancellationToken)
    {
        if (_blocks.TryGetValue(member, out var known))
            return known;
        var found = ImmutableArray.CreateBuilder<IOperation>();
        foreach (var reference in member.DeclaringSyntaxReferences)
        {
            if (!_models.TryGetValue(reference.SyntaxTree, out var model))
                continue;
            foreach (var node in ExecutableNodes(reference.GetSyntax(cancellationToken)))
            {
                if (model.GetOperation(node, cancellationToken) is { } operation)
                    found.Add(operation);
            }
        }

        return _blocks.GetOrAdd(member, found.ToImmutable());
    }

    /// <summary>True when the member's source lies in a file that can be read.</summary>
    public bool CanRead(ISymbol member) =>
        _blocks.ContainsKey(member) || member.DeclaringSyntaxReferences.Any(reference => _models.ContainsKey(reference.SyntaxTree));

    private static IEnumerable<SyntaxNode> ExecutableNodes(SyntaxNode declaration)
    {
        switch (declaration)
        {
            case VariableDeclaratorSyntax { Initializer: { } initializer }:
                yield return initializer;
                break;
            case PropertyDeclarationSyntax property:
                if (property.Initializer is not null)
                    yield return property.Initializer;
                break;
            case TypeDeclarationSyntax type:
                yield return type;
                if (type.BaseList?.Types.OfType<PrimaryConstructorBaseTypeSyntax>().FirstOrDefault() is { } baseType)
                    yield return baseType;
                break;
            case VariableDeclaratorSyntax or ParameterSyntax:
                break;
            default:
                yield return declaration;
                break;
        }
    }

    private static IOperation RootOf(IOperation operation)
    {
        while (operation.Parent is { } parent)
            operation = parent;
        return operation;
    }
}
