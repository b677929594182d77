using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Analyzers.Source;

/// <summary>
/// The files of a program whose code can have to do with an assembly. What is left out is ordinary code: no expression in it has a type of the assembly,
/// or of a file that is in. To name a type, a file has to hold its name and the parts of its namespace, each of them somewhere (in a using, a namespace
/// declaration or spelled out) unless a global using does; and where no type is named, an expression's type comes from the signature of a member whose
/// own file named it. So a file is in when it names a type of the assembly or of one that is built on it, or a type or an extension method of a file
/// that is in; and, since code may call by a base class or an interface what a file that is in implements, when it declares a base of such a type.
/// An interface of the framework's is nobody's base in this sense: calls by it in ordinary code are not followed.
/// </summary>
internal sealed class AssemblyReach
{
    private readonly HashSet<SyntaxTree> _files = [];
    private readonly HashSet<int> _globalNames;
    private readonly Dictionary<string, Space> _spaces = [];
    private readonly Dictionary<int, List<(FileOutline File, SyntaxTree Tree, DeclaredName Name)>> _declarations = [];

    private AssemblyReach(Compilation compilation, string assembly, CancellationToken cancellation)
    {
        var outlines = compilation.SyntaxTrees.ToDictionary(tree => tree, tree => FileOutline.Of(tree, cancellation));
        var globals = outlines.Values.SelectMany(outline => outline.GlobalUsings).ToList();
        _globalNames = [.. globals.SelectMany(FileOutline.NamesIn).Select(FileWords.Hash)];
        foreach (var (tree, outline) in outlines.Select(entry => (entry.Key, entry.Value)))
        {
            foreach (var name in outline.Declared)
                Declarations(FileWords.Hash(name.Name)).Add((outline, tree, name));
        }

        foreach (var name in NamesOf(assembly, compilation))
            Add(name);
        Close(outlines);
        // What such a using brings in has names of its own.
        IsEverywhere |= globals.Exists(use => (use.Alias is not null || use.StaticKeyword != default) && BringsIn(use));
    }

    private bool IsEverywhere { get; set; }

    /// <summary>The files of <paramref name="compilation"/> that can have to do with <paramref name="assembly"/>.</summary>
    public static AssemblyReach Of(string assembly, Compilation compilation, CancellationToken cancellation = default) => new(compilation, assembly, cancellation);

    /// <summary>False for a type of ordinary code.</summary>
    public bool Contains(INamedTypeSymbol type) =>
        IsEverywhere || type.DeclaringSyntaxReferences.Any(reference => _files.Contains(reference.SyntaxTree));

    private List<(FileOutline File, SyntaxTree Tree, DeclaredName Name)> Declarations(int name)
    {
        if (!_declarations.TryGetValue(name, out var known))
            _declarations[name] = known = [];
        return known;
    }

    private void Add(DeclaredName declared)
    {
        var key = string.Join(".", declared.Space);
        if (!_spaces.TryGetValue(key, out var space))
            _spaces[key] = space = new([.. declared.Space.Select(FileWords.Hash)]);
        space.Names.Add(FileWords.Hash(declared.Name));
    }

    private void Close(Dictionary<SyntaxTree, FileOutline> outlines)
    {
        var left = outlines.ToList();
        for (var count = -1; count != left.Count;)
        {
            count = left.Count;
            left = left.FindAll(entry => !_files.Contains(entry.Key) && !TryEnter(entry.Key, entry.Value));
        }
    }

    private bool TryEnter(SyntaxTree tree, FileOutline outline)
    {
        if (!_spaces.Values.Any(space => Sees(outline, space.Parts) && outline.Words.ContainAny(space.Names)))
            return false;
        Enter(tree, outline);
        return true;
    }

    private void Enter(SyntaxTree tree, FileOutline outline)
    {
        if (!_files.Add(tree))
            return;
        IsEverywhere |= outline.HasUnnamedCalls;
        foreach (var name in outline.Declared)
            Add(name);
        foreach (var parent in outline.Bases)
        {
            if (!_declarations.TryGetValue(parent, out var candidates))
                continue;
            foreach (var (file, at, _) in candidates.Where(candidate => Sees(outline, candidate.Name.Space.Select(FileWords.Hash))))
                Enter(at, file);
        }
    }

    private bool Sees(FileOutline outline, IEnumerable<int> space) => space.All(part => outline.Words.Contain(part) || _globalNames.Contains(part));

    private bool BringsIn(UsingDirectiveSyntax use)
    {
        var names = new HashSet<int>(FileOutline.NamesIn(use).Select(FileWords.Hash));
        return _spaces.Values.Any(space => space.Names.Overlaps(names));
    }

    /// <summary>The types and extension methods of the assembly, and of those that are built on it.</summary>
    private IEnumerable<DeclaredName> NamesOf(string assembly, Compilation compilation)
    {
        var names = new HashSet<string> { assembly };
        var references = compilation.SourceModule.ReferencedAssemblySymbols;
        for (var count = 0; count != names.Count;)
        {
            count = names.Count;
            names.UnionWith(references.Where(other => other.Modules.Any(module => module.ReferencedAssemblies.Any(used => names.Contains(used.Name))))
                .Select(other => other.Name));
        }

        return references.Where(other => names.Contains(other.Name)).SelectMany(other => NamesIn(other.GlobalNamespace, ImmutableArray<string>.Empty));
    }

    private IEnumerable<DeclaredName> NamesIn(INamespaceSymbol space, ImmutableArray<string> parts)
    {
        foreach (var type in space.GetTypeMembers())
        {
            yield return new(parts, type.Name);
            if (!type.MightContainExtensionMethods)
                continue;
            foreach (var name in type.MemberNames)
            {
                yield return new(parts, name);
                IsEverywhere |= FileOutline.IsCalledUnnamed(name) && type.GetMembers(name).Any(member => member is IMethodSymbol { IsExtensionMethod: true });
            }
        }

        foreach (var name in space.GetNamespaceMembers().SelectMany(inner => NamesIn(inner, parts.Add(inner.Name))))
            yield return name;
    }

    /// <summary>A namespace, and the names in it that lead to the assembly.</summary>
    private sealed class Space(ImmutableArray<int> parts)
    {
        public ImmutableArray<int> Parts { get; } = parts;

        public HashSet<int> Names { get; } = [];
    }
}
