using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Analyzers.Source;

/// <summary>What a file gives to others by name, and the words with which it can reach others. Read once per file, until it is edited.</summary>
internal sealed class FileOutline
{
    private static readonly ConditionalWeakTable<SyntaxTree, FileOutline> Known = new();

    private static readonly ImmutableHashSet<string> CalledUnnamed = ImmutableHashSet.Create(
        "GetEnumerator", "GetAsyncEnumerator", "GetAwaiter", "GetPinnableReference", "Deconstruct", "Add", "Select", "SelectMany", "Where", "Join", "GroupJoin", "OrderBy",
        "OrderByDescending", "ThenBy", "ThenByDescending", "GroupBy", "Cast");

    private readonly ImmutableArray<DeclaredName>.Builder _declared = ImmutableArray.CreateBuilder<DeclaredName>();

    private FileOutline(CompilationUnitSyntax root, FileWords words)
    {
        Words = words;
        Read(root.Members, ImmutableArray<string>.Empty);
        Declared = _declared.ToImmutable();
        GlobalUsings = [.. root.Usings.Where(use => use.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword))];
    }

    public FileWords Words { get; }

    /// <summary>Types at any depth, and extension methods.</summary>
    public ImmutableArray<DeclaredName> Declared { get; }

    /// <summary>The names in the base lists of its types.</summary>
    public HashSet<int> Bases { get; } = [];

    public ImmutableArray<UsingDirectiveSyntax> GlobalUsings { get; }

    /// <summary>Has extension methods that may be called without a word of theirs.</summary>
    public bool HasUnnamedCalls { get; private set; }

    /// <summary>The outline of a file.</summary>
    public static FileOutline Of(SyntaxTree tree, CancellationToken cancellation = default) => Known.TryGetValue(tree, out var known)
        ? known
        : Known.GetValue(tree, key => new((CompilationUnitSyntax)key.GetRoot(cancellation), FileWords.Of(key, cancellation)));

    /// <summary>True for the name of an extension method that the language calls where none is written.</summary>
    public static bool IsCalledUnnamed(string method) => CalledUnnamed.Contains(method);

    /// <summary>The names in a piece of syntax.</summary>
    public static IEnumerable<string> NamesIn(SyntaxNode node) =>
        node.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText);

    private void Read(SyntaxList<MemberDeclarationSyntax> members, ImmutableArray<string> space)
    {
        foreach (var member in members)
        {
            switch (member)
            {
                case BaseNamespaceDeclarationSyntax inner:
                    Read(inner.Members, space.AddRange(NamesIn(inner.Name)));
                    break;
                case TypeDeclarationSyntax type:
                    ReadType(type, space);
                    break;
                case BaseTypeDeclarationSyntax type:
                    Add(space, type.Identifier);
                    break;
                case DelegateDeclarationSyntax type:
                    Add(space, type.Identifier);
                    break;
                case GlobalStatementSyntax:
                    _declared.Add(new(space, WellKnownMemberNames.TopLevelStatementsEntryPointTypeName));
                    break;
            }
        }
    }

    private void ReadType(TypeDeclarationSyntax type, ImmutableArray<string> space)
    {
        Add(space, type.Identifier);
        if (type.BaseList is { } bases)
            Bases.UnionWith(NamesIn(bases).Select(FileWords.Hash));
        // An extension block has no name; its members are called like extension methods.
        var isExtension = type.Identifier.ValueText.Length == 0;
        foreach (var method in type.Members.OfType<MethodDeclarationSyntax>())
        {
            if (isExtension || method.ParameterList.Parameters.FirstOrDefault()?.Modifiers.Any(SyntaxKind.ThisKeyword) is true)
                AddExtension(space, method.Identifier);
        }

        if (isExtension)
        {
            HasUnnamedCalls |= type.Members.Any(member => member is OperatorDeclarationSyntax or ConversionOperatorDeclarationSyntax or IndexerDeclarationSyntax);
            foreach (var property in type.Members.OfType<PropertyDeclarationSyntax>())
                AddExtension(space, property.Identifier);
        }

        Read(type.Members, space);
    }

    private void AddExtension(ImmutableArray<string> space, SyntaxToken name)
    {
        Add(space, name);
        HasUnnamedCalls |= IsCalledUnnamed(name.ValueText);
    }

    private void Add(ImmutableArray<string> space, SyntaxToken name) => _declared.Add(new(space, name.ValueText));
}

/// <summary>A name, and the namespace that has to be named for it.</summary>
/// <param name="Space">The parts of the namespace's name; for a type within a type, that of the outer one.</param>
/// <param name="Name">The name.</param>
internal sealed record DeclaredName(ImmutableArray<string> Space, string Name);
