using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Cli.Input;

/// <summary>
/// Loads plain sources without restoring or building anything: a file, or a folder with the projects in it. Sources belong to the nearest project
/// file above them; those without one are taken together.
/// </summary>
internal sealed class FolderLoader
{
    private readonly ImmutableArray<MetadataReference> _references;
    private readonly List<Skipped> _skipped = [];
    private readonly Dictionary<string, IReadOnlyList<SourceUnit>> _loaded = [];
    private readonly Dictionary<string, ProjectFile> _projects;
    private readonly ILookup<string, string> _filesOfProject;
    private readonly EditorConfigs _configs;
    private int _files;

    private FolderLoader(string root, IReadOnlyList<string> files, IReadOnlyList<string> projects, ImmutableArray<MetadataReference> references)
    {
        _references = references;
        _projects = projects.ToDictionary(path => path, path => ProjectFile.Read(path, _skipped));
        _configs = EditorConfigs.Around(files);
        var nearestFirst = _projects.Values.OrderByDescending(project => project.Folder.Length).ThenBy(project => project.Path, StringComparer.Ordinal).ToList();
        _filesOfProject = files.ToLookup(file => nearestFirst.Find(project => IsUnder(file, project.Folder))?.Path ?? root);
    }

    /// <summary>Loads one source file.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static LoadedTarget File(string path, ImmutableArray<MetadataReference> references) =>
        SourceReader.TryRead(path, SourceReader.Options, out var reason) is null
            ? throw new InputException($"{path}: {reason}")
            : new FolderLoader(path, [path], [], references).Load();

    /// <summary>Loads a folder, less the files that <paramref name="isExcluded"/> names.</summary>
    /// <exception cref="InputException">There is no source file in it that can be read.</exception>
    public static LoadedTarget Folder(string path, Predicate<string> isExcluded, ImmutableArray<MetadataReference> references)
    {
        var skipped = new List<Skipped>();
        var files = SourceFiles.Under(path, ".cs", skipped).Where(file => !isExcluded(file)).ToList();
        if (files.Count == 0)
            throw new InputException($"{path}: there is no C# source file in it" + (skipped.Count > 0 ? $" ({skipped[0].Path}: {skipped[0].Reason})" : ""));
        var loader = new FolderLoader(path, files, SourceFiles.Under(path, ".csproj", skipped), references);
        loader._skipped.AddRange(skipped.Distinct());
        var target = loader.Load();
        return target.Files > 0 ? target : throw new InputException($"{path}: none of its {files.Count} source files can be read ({target.Skipped[0].Reason})");
    }

    private LoadedTarget Load()
    {
        var units = _filesOfProject.Select(group => group.Key).Order(StringComparer.Ordinal).SelectMany(key => UnitsOf(key, [])).ToList();
        return new(units, _files, _skipped);
    }

    private IReadOnlyList<SourceUnit> UnitsOf(string key, ImmutableHashSet<string> onTheWay)
    {
        if (_loaded.TryGetValue(key, out var known))
            return known;
        var project = _projects.GetValueOrDefault(key);
        onTheWay = onTheWay.Add(key);
        var references = (project?.References ?? [])
            .Where(reference => _projects.ContainsKey(reference) && !onTheWay.Contains(reference))
            .Select(reference => UnitsOf(reference, onTheWay))
            .Where(units => units.Count > 0)
            .Select(units => (MetadataReference)units[0].Compilation.ToMetadataReference());
        return _loaded[key] = Compile(key, Read(key, project), project?.Usings ?? ProjectFile.ImplicitUsings, _references.AddRange(references));
    }

    private List<SyntaxTree> Read(string key, ProjectFile? project)
    {
        var options = SourceReader.Options.WithPreprocessorSymbols(SourceReader.Options.PreprocessorSymbolNames.Concat(project?.Constants ?? []));
        var trees = new List<SyntaxTree>();
        foreach (var file in _filesOfProject[key])
        {
            if (SourceReader.TryRead(file, options, out var reason) is { } tree)
                trees.Add(tree);
            else
                _skipped.Add(new(file, reason));
        }

        _files += trees.Count;
        return trees;
    }

    private List<SourceUnit> Compile(string key, List<SyntaxTree> trees, IReadOnlyList<string> usings, ImmutableArray<MetadataReference> references)
    {
        if (trees.Count == 0)
            return [];
        var globals = CSharpSyntaxTree.ParseText(
            string.Concat(usings.Select(name => $"global using {name};\n")), (CSharpParseOptions)trees[0].Options, "GlobalUsings.g.cs");
        var (shared, groups) = DuplicateTypes.Split(trees);
        var first = Unit(key, shared.Concat(groups.FirstOrDefault([])), [], globals, references);
        return [first, .. groups.Skip(1).Select(group => Unit(key, group, shared, globals, references))];
    }

    /// <param name="key">The project or folder, for its name.</param>
    /// <param name="judged">The sources that findings are wanted for.</param>
    /// <param name="bystanders">Sources that those can see, and that are judged in another unit.</param>
    /// <param name="globals">The global usings of all.</param>
    /// <param name="references">What they are compiled against.</param>
    private SourceUnit Unit(
        string key, IEnumerable<SyntaxTree> judged, IReadOnlyList<SyntaxTree> bystanders, SyntaxTree globals, ImmutableArray<MetadataReference> references)
    {
        var trees = judged.Concat(bystanders).ToList();
        var kind = trees.Any(HasTopLevelStatements) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        var options = new CSharpCompilationOptions(kind, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Annotations)
            .WithSyntaxTreeOptionsProvider(_configs.Severities(bystanders.ToHashSet()));
        var compilation = CSharpCompilation.Create(Path.GetFileNameWithoutExtension(key), [.. trees, globals], references, options);
        return new(key, compilation, _configs.Options);
    }

    private static bool HasTopLevelStatements(SyntaxTree tree) => tree.GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax);

    private static bool IsUnder(string file, string folder) =>
        file.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
