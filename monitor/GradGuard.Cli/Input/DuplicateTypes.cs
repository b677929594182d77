using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Cli.Input;

/// <summary>
/// Keeps apart sources that cannot be one program: samples side by side, each with its own <c>class Net</c>. Compiled together, the compiler would
/// take all of them for parts of one class.
/// </summary>
internal static class DuplicateTypes
{
    /// <summary>
    /// Divides sources into those that clash with none, and as few groups of the others as it takes for no group to clash within itself. Sources of
    /// one folder stay together where they can.
    /// </summary>
    public static (IReadOnlyList<SyntaxTree> Shared, IReadOnlyList<IReadOnlyList<SyntaxTree>> Groups) Split(IReadOnlyList<SyntaxTree> trees)
    {
        var types = trees.ToDictionary(tree => tree, TypesOf);
        var clashing = types.Values.SelectMany(names => names).GroupBy(name => name).Where(uses => uses.Count() > 1).Select(uses => uses.Key).ToHashSet();
        var groups = new List<Group>();
        foreach (var tree in trees.Where(tree => types[tree].Any(clashing.Contains)))
        {
            var names = types[tree];
            var fitting = groups.Where(group => !names.Any(group.Types.Contains)).ToList();
            var chosen = fitting.Find(group => group.Folders.Contains(FolderOf(tree))) ?? fitting.FirstOrDefault();
            if (chosen is null)
                groups.Add(chosen = new());
            chosen.Add(tree, names);
        }

        return ([.. trees.Where(tree => !types[tree].Any(clashing.Contains))], [.. groups.Select(group => group.Trees)]);
    }

    /// <summary>Types of the file that nothing else may declare: not partial, not nested, not local to the file.</summary>
    private static IReadOnlyCollection<string> TypesOf(SyntaxTree tree) =>
        [.. tree.GetCompilationUnitRoot()
            .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<BaseTypeDeclarationSyntax>()
            .Where(type => !type.Modifiers.Any(SyntaxKind.PartialKeyword) && !type.Modifiers.Any(SyntaxKind.FileKeyword))
            .Select(NameOf)
            .Distinct()];

    private static string NameOf(BaseTypeDeclarationSyntax type)
    {
        var arity = (type as TypeDeclarationSyntax)?.TypeParameterList?.Parameters.Count ?? 0;
        var namespaces = type.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Reverse().Select(space => space.Name.ToString());
        return string.Join('.', namespaces.Append(type.Identifier.ValueText)) + "`" + arity;
    }

    private static string FolderOf(SyntaxTree tree) => Path.GetDirectoryName(tree.FilePath) ?? "";

    private sealed class Group
    {
        public List<SyntaxTree> Trees { get; } = [];

        public HashSet<string> Types { get; } = [];

        public HashSet<string> Folders { get; } = [];

        public void Add(SyntaxTree tree, IReadOnlyCollection<string> names)
        {
            Trees.Add(tree);
            Types.UnionWith(names);
            Folders.Add(FolderOf(tree));
        }
    }
}
