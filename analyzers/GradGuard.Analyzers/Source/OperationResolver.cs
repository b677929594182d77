using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Source;

/// <summary>
/// Finds the operations of any member that may be looked at now: those the compiler handed out, and those declared in the same files. While types are
/// judged one by one, no semantic model of another file is created (it would double the compiler's work): what lies elsewhere is not known until all of
/// it has been handed out, at the end of a compilation, and <see cref="OrdinaryCode"/> can be read.
/// </summary>
internal sealed class OperationResolver
{
    private readonly MemberOperations _operations;
    private readonly Dictionary<SyntaxTree, SemanticModel> _models = [];
    private readonly ConcurrentDictionary<ISymbol, ImmutableArray<IOperation>> _sameFile = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, ImmutableArray<IInvocationOperation>> _calls = new(SymbolEqualityComparer.Default);

    private readonly ImmutableHashSet<ISymbol>? _bases;

    public OperationResolver(MemberOperations operations)
        : this(operations, bases: null)
    {
    }

    private OperationResolver(MemberOperations operations, ImmutableHashSet<ISymbol>? bases)
    {
        _bases = bases;
        _operations = operations;
        foreach (var operation in operations.Members.SelectMany(member => operations.Of(member)))
        {
            if (operation.SemanticModel is { } model && !_models.ContainsKey(model.SyntaxTree))
                _models.Add(model.SyntaxTree, model);
        }
    }

    /// <summary>A resolver over all members of a compilation, which also knows the classes that others derive from.</summary>
    public static OperationResolver OfCompilation(MemberOperations operations) =>
        new(operations, BasesOf(operations.Members.Select(member => member.ContainingType).Concat(operations.Rest?.Types ?? [])));

    /// <summary>
    /// A resolver over a compilation that nobody is compiling beside it, as a command has one: every file may be looked at, and a member is read
    /// when it is first asked for.
    /// </summary>
    /// <param name="models">A model of each file.</param>
    /// <param name="types">All types that the compilation declares.</param>
    public static OperationResolver OfModels(IEnumerable<SemanticModel> models, IEnumerable<INamedTypeSymbol> types)
    {
        var resolver = new OperationResolver(new MemberOperations(), BasesOf(types));
        foreach (var model in models)
            resolver._models[model.SyntaxTree] = model;
        return resolver;
    }

    /// <summary>True where an object of static type <paramref name="type"/> is known to be of no derived class.</summary>
    public bool IsExact(INamedTypeSymbol type) => !type.IsAbstract && (type.IsSealed || _bases?.Contains(type.OriginalDefinition) is false);

    /// <summary>
    /// The blocks of a method, constructor (its initializer call first), accessor, field or property initializer; empty where
    /// <paramref name="member"/> has no code or lies in a file that may not be looked at.
    /// </summary>
    public ImmutableArray<IOperation> BlocksOf(ISymbol member)
    {
        var gathered = _operations.Of(member);
        return gathered.IsEmpty ? _sameFile.GetOrAdd(member.OriginalDefinition, ReadFromFile) : gathered;
    }

    /// <summary>The calls in those blocks, at any depth.</summary>
    public ImmutableArray<IInvocationOperation> CallsIn(ISymbol member) => _calls.TryGetValue(member, out var known)
        ? known
        : _calls.GetOrAdd(member, BlocksOf(member).SelectMany(block => block.DescendantsAndSelf()).OfType<IInvocationOperation>().ToImmutableArray());

    /// <summary>True where the compiler has handed out the code of <paramref name="member"/>, so that <see cref="BlocksOf"/> is all of it.</summary>
    public bool IsHandedOut(ISymbol member) => !_operations.Of(member).IsEmpty;

    /// <summary>True when the program declares <paramref name="member"/> in a file that may not be looked at now.</summary>
    public bool IsElsewhere(ISymbol member)
    {
        var isElsewhere = member.DeclaringSyntaxReferences.Any(reference => ModelOf(reference.SyntaxTree) is null);
        MissedCode |= isElsewhere;
        LookedBeyond |= isElsewhere;
        return isElsewhere;
    }

    /// <summary>Methods with code that the compiler was not asked for.</summary>
    public IEnumerable<IMethodSymbol> OrdinaryMethods => _operations.Rest?.Methods ?? [];

    /// <summary>True once <see cref="IsElsewhere"/> has found code that may not be looked at now.</summary>
    public bool MissedCode { get; private set; }

    /// <summary>True once anything was asked that code of other files might answer otherwise.</summary>
    public bool LookedBeyond { get; private set; }

    /// <summary>The members that may be looked at now: those the compiler handed out, and the methods and constructors declared in the same files.</summary>
    public IEnumerable<ISymbol> VisibleMembers()
    {
        LookedBeyond = true;
        return _operations.Members.Concat(_models.Values.SelectMany(DeclaredIn)).Distinct<ISymbol>(SymbolEqualityComparer.Default);
    }

    private static ImmutableHashSet<ISymbol> BasesOf(IEnumerable<INamedTypeSymbol?> types) => types
        .Select(type => (ISymbol?)type?.BaseType?.OriginalDefinition)
        .OfType<ISymbol>()
        .ToImmutableHashSet<ISymbol>(SymbolEqualityComparer.Default);

    private static IEnumerable<ISymbol> DeclaredIn(SemanticModel model) => model.SyntaxTree.GetRoot()
        .DescendantNodesAndSelf(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)
        .Where(node => node is CompilationUnitSyntax or BaseMethodDeclarationSyntax)
        .Select(node => model.GetDeclaredSymbol(node))
        .OfType<ISymbol>();

    private SemanticModel? ModelOf(SyntaxTree tree) => _models.TryGetValue(tree, out var model) ? model : _operations.Rest?.ModelOf(tree);

    private ImmutableArray<IOperation> ReadFromFile(ISymbol member)
    {
        var blocks = ImmutableArray.CreateBuilder<IOperation>();
        foreach (var reference in member.DeclaringSyntaxReferences)
        {
            if (ModelOf(reference.SyntaxTree) is not { } model)
            {
                LookedBeyond = true;
                continue;
            }

            var declaration = reference.GetSyntax();
            switch (model.GetOperation(CodeIn(declaration)))
            {
                case null when BaseCallIn(declaration) is { } call && model.GetOperation(call) is { } initializer:
                    blocks.Add(initializer);
                    break;
                case IConstructorBodyOperation body:
                    blocks.AddRange(new[] { body.Initializer, body.BlockBody, body.ExpressionBody }.OfType<IOperation>());
                    break;
                case IMethodBodyBaseOperation body:
                    blocks.AddRange(new[] { body.BlockBody, body.ExpressionBody }.OfType<IOperation>());
                    break;
                case { } operation:
                    blocks.Add(operation);
                    break;
            }
        }

        return blocks.ToImmutable();
    }

    /// <summary>All the code that a primary constructor has of its own.</summary>
    private static SyntaxNode? BaseCallIn(SyntaxNode declaration) =>
        (declaration as TypeDeclarationSyntax)?.BaseList?.Types.OfType<PrimaryConstructorBaseTypeSyntax>().FirstOrDefault();

    /// <summary>A field or property has its operation at the initial value, not at the declaration.</summary>
    private static SyntaxNode CodeIn(SyntaxNode declaration) => declaration switch
    {
        VariableDeclaratorSyntax { Initializer: { } value } => value,
        PropertyDeclarationSyntax { Initializer: { } value } => value,
        _ => declaration,
    };
}
