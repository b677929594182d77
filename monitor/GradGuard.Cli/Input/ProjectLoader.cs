using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GradGuard.Cli.Input;

/// <summary>Loads a project or a solution as its own build compiles it: sources, packages, options, generated usings.</summary>
internal sealed class ProjectLoader
{
    private readonly Dictionary<string, ProjectBuild> _builds = [];
    private readonly Dictionary<string, SourceUnit?> _units = [];
    private readonly List<Skipped> _skipped = [];
    private readonly Predicate<string> _isExcluded;
    private readonly IReadOnlyList<string> _extraReferences;
    private int _files;

    private ProjectLoader(Predicate<string> isExcluded, IReadOnlyList<string> extraReferences) => (_isExcluded, _extraReferences) = (isExcluded, extraReferences);

    /// <summary>True for what this loads.</summary>
    public static bool Takes(string path) => Path.GetExtension(path).ToLowerInvariant() is ".csproj" or ".sln" or ".slnx";

    /// <param name="path">Full path of a project or solution.</param>
    /// <param name="isExcluded">Tells full paths of sources that are compiled and not judged.</param>
    /// <param name="extraReferences">Full paths of further assemblies.</param>
    /// <param name="progress">Told each project's path.</param>
    /// <param name="cancellation">Ends the build that is asked.</param>
    /// <exception cref="InputException">The build cannot tell how it compiles.</exception>
    public static async Task<LoadedTarget> LoadAsync(
        string path, Predicate<string> isExcluded, IReadOnlyList<string> extraReferences, IProgress<string> progress, CancellationToken cancellation)
    {
        var loader = new ProjectLoader(isExcluded, extraReferences);
        var projects = Path.GetExtension(path).Equals(".csproj", StringComparison.OrdinalIgnoreCase) ? [path] : await ProjectsOfAsync(path, cancellation);
        foreach (var project in projects)
            await loader.AskAsync(project, progress, cancellation);
        var units = projects.Select(project => loader.Compile(project, [])).OfType<SourceUnit>().ToList();
        return new(units, loader._files, loader._skipped);
    }

    private static async Task<IReadOnlyList<string>> ProjectsOfAsync(string solution, CancellationToken cancellation)
    {
        var folder = Path.GetDirectoryName(solution)!;
        var listed = await DotnetCommand.RunAsync(folder, ["sln", solution, "list"], cancellation);
        var projects = listed.Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.EndsWith(".csproj", StringComparison.OrdinalIgnoreCase))
            .Select(line => Path.GetFullPath(line.Replace('\\', Path.DirectorySeparatorChar), folder))
            .Order(StringComparer.Ordinal)
            .ToList();
        return projects.Count > 0 ? projects : throw new InputException($"{solution}: there is no C# project in it");
    }

    /// <summary>Asks for a project and all that it references, which is compiled along.</summary>
    private async Task AskAsync(string project, IProgress<string> progress, CancellationToken cancellation)
    {
        if (_builds.ContainsKey(project))
            return;
        progress.Report(project);
        var build = await ProjectBuild.ReadAsync(project, cancellation);
        _builds.Add(project, build);
        foreach (var reference in build.References.Where(reference => Path.GetExtension(reference) == ".csproj"))
            await AskAsync(reference, progress, cancellation);
    }

    private SourceUnit? Compile(string project, IReadOnlyList<string> onTheWay)
    {
        if (_units.TryGetValue(project, out var known))
            return known;
        var folder = Path.GetDirectoryName(project)!;
        var arguments = CSharpCommandLineParser.Default.Parse(_builds[project].CompilerArguments, folder, sdkDirectory: null);
        var trees = new List<SyntaxTree>();
        foreach (var source in arguments.SourceFiles)
        {
            if (SourceReader.TryRead(source.Path, arguments.ParseOptions, out var reason) is { } tree)
                trees.Add(tree);
            else
                _skipped.Add(new(source.Path, reason));
        }

        _files += trees.Count;
        var configs = EditorConfigs.Of(arguments.AnalyzerConfigPaths.Where(File.Exists));
        // Warnings turned into errors are the build's own gate; here a warning is a warning.
        var options = arguments.CompilationOptions
            .WithGeneralDiagnosticOption(ReportDiagnostic.Default)
            .WithSyntaxTreeOptionsProvider(configs.Severities(trees.Where(tree => _isExcluded(tree.FilePath)).ToHashSet()));
        var compilation = CSharpCompilation.Create(
            arguments.CompilationName ?? Path.GetFileNameWithoutExtension(project), trees, References(project, arguments, onTheWay), options);
        return _units[project] = new(project, compilation, configs.Options);
    }

    /// <summary>Projects stand for their own output, which need not have been built.</summary>
    private IEnumerable<MetadataReference> References(string project, CSharpCommandLineArguments arguments, IReadOnlyList<string> onTheWay)
    {
        var projects = _builds[project].References
            .Where(reference => _builds.ContainsKey(reference) && !onTheWay.Contains(reference))
            .Select(reference => Compile(reference, [.. onTheWay, project]))
            .OfType<SourceUnit>()
            .ToList();
        var outputs = projects.Select(unit => unit.Compilation.AssemblyName + ".dll").ToHashSet(StringComparer.OrdinalIgnoreCase);
        var assemblies = arguments.MetadataReferences
            .Select(reference => Path.GetFullPath(reference.Reference, Path.GetDirectoryName(project)!))
            .Where(path => File.Exists(path) && !outputs.Contains(Path.GetFileName(path)))
            .Select(path => MetadataReference.CreateFromFile(path));
        return projects.Select(unit => (MetadataReference)unit.Compilation.ToMetadataReference()).Concat(assemblies).Concat(MetadataReferences.Named(_extraReferences));
    }
}
