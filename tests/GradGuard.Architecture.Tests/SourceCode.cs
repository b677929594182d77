using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Architecture.Tests;

/// <summary>
/// Compiles sources so that every name in them can be resolved. All projects of a folder go into one compilation: what matters here are
/// namespaces, not which project holds them.
/// </summary>
internal static class SourceCode
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    // The symbols of the newest target framework that any product project has.
    private static readonly CSharpParseOptions ParseOptions = CSharpParseOptions.Default
        .WithLanguageVersion(LanguageVersion.Preview)
        .WithPreprocessorSymbols("NET", "NET10_0", "NET8_0_OR_GREATER", "NET9_0_OR_GREATER", "NET10_0_OR_GREATER");

    private static readonly string RepositoryRoot = BuildFacts("RepositoryRoot").Single();

    // This program's own assemblies: the framework, Roslyn, MSBuild, TorchSharp.
    private static readonly MetadataReference[] References = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>Compiles every source file below some folders of the repository.</summary>
    public static Compilation OfFolders(params string[] folders) => Compile(
        folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(RepositoryRoot, folder), "*.cs", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(RepositoryRoot, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/bin/") && !path.Contains("/obj/"))
            .Order(StringComparer.Ordinal)
            .Select(path => (path, File.ReadAllText(Path.Combine(RepositoryRoot, path)))));

    /// <summary>Compiles sources, each with the path by which messages will name it.</summary>
    public static Compilation Compile(IEnumerable<(string Path, string Text)> sources)
    {
        CSharpGeneratorDriver.Create(Generators(), parseOptions: ParseOptions)
            .RunGeneratorsAndUpdateCompilation(CompileAsWritten(sources), out var completed, out _);
        return completed;
    }

    private static CSharpCompilation CompileAsWritten(IEnumerable<(string Path, string Text)> sources)
    {
        var trees = sources.Append((Path: "ImplicitUsings.cs", Text: ImplicitUsings))
            .Select(source => CSharpSyntaxTree.ParseText(source.Text, ParseOptions, source.Path))
            .ToList();
        var isProgram = trees.Any(tree => tree.GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax));
        return CSharpCompilation.Create("Sources", trees, References, new CSharpCompilationOptions(
            isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
            allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
    }

    private static IEnumerable<ISourceGenerator> Generators() => BuildFacts("FrameworkGenerator")
        .SelectMany(path => Assembly.LoadFrom(path).GetTypes())
        .Where(type => type.IsDefined(typeof(GeneratorAttribute)))
        .Select(type => ((IIncrementalGenerator)Activator.CreateInstance(type)!).AsSourceGenerator());

    private static IEnumerable<string> BuildFacts(string key) => typeof(SourceCode).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Where(fact => fact.Key == key).Select(fact => fact.Value!);
}
