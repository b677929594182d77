using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GradGuard.Instrumentation.Tests.Compiling;

/// <summary>How a project is built.</summary>
internal sealed record BuildSettings
{
    public bool Instrumented { get; init; } = true;

    /// <summary>Asks for the predicted start of training too.</summary>
    public bool Predicted { get; init; }

    /// <summary>The project refers to the monitor.</summary>
    public bool HasMonitor { get; init; } = true;

    public NullableContextOptions Nullable { get; init; } = NullableContextOptions.Disable;

    public bool ImplicitUsings { get; init; }

    public OptimizationLevel Optimization { get; init; } = OptimizationLevel.Debug;
}

/// <summary>Compiles sources in memory as a project of the given settings would be.</summary>
internal static class Compiler
{
    public const string ProjectDirectory = "/project/";

    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly ImmutableArray<MetadataReference> References = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator).Where(static path => path != typeof(Compiler).Assembly.Location).Select(static path => MetadataReference.CreateFromFile(path))];

    /// <summary>The sources of RealCode, as they lie in this project.</summary>
    public static IReadOnlyList<(string Path, string Text)> RealCode { get; } = [.. Directory
        .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "RealCode"), "*.cs").Order(StringComparer.Ordinal)
        .Select(static path => ($"RealCode/{Path.GetFileName(path)}", File.ReadAllText(path)))];

    public static CSharpParseOptions ParseOptions(BuildSettings settings)
        => CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp13)
            .WithFeatures([
                .. settings.Instrumented ? [new("InterceptorsNamespaces", $";{InstrumentationGenerator.InterceptorNamespace}")] : Array.Empty<KeyValuePair<string, string>>(),
                .. settings.Predicted ? [new(PredictionGenerator.Feature, "true")] : Array.Empty<KeyValuePair<string, string>>(),
            ]);

    public static CSharpCompilation Compilation(BuildSettings settings, IEnumerable<(string Path, string Text)> sources) => CSharpCompilation.Create(
        "UserProject",
        sources.Concat(settings.ImplicitUsings ? [("obj/GlobalUsings.g.cs", GlobalUsings)] : [])
            .Select(source => CSharpSyntaxTree.ParseText(source.Text, ParseOptions(settings), ProjectDirectory + source.Path, System.Text.Encoding.UTF8)),
        settings.HasMonitor ? References : References.Where(static reference => !reference.Display!.EndsWith("GradGuard.Monitor.dll", StringComparison.Ordinal)),
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: settings.Nullable, optimizationLevel: settings.Optimization, warningLevel: 9999));

    public static GeneratorDriver Driver(BuildSettings settings) => CSharpGeneratorDriver.Create(
        [new InstrumentationGenerator().AsSourceGenerator()],
        optionsProvider: new ProjectOptions(ProjectDirectory),
        parseOptions: ParseOptions(settings),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>The generator of the predictions, alone.</summary>
    /// <param name="settings">How the project is built.</param>
    /// <param name="disabled">Outputs that the host does not ask for.</param>
    public static GeneratorDriver PredictionDriver(BuildSettings settings, IncrementalGeneratorOutputKind disabled = IncrementalGeneratorOutputKind.None) => CSharpGeneratorDriver.Create(
        [new PredictionGenerator().AsSourceGenerator()], parseOptions: ParseOptions(settings), driverOptions: new GeneratorDriverOptions(disabled));

    /// <summary>The compilation with what the generator adds to it.</summary>
    public static Compilation Generate(BuildSettings settings, IEnumerable<(string Path, string Text)> sources)
    {
        Driver(settings).RunGeneratorsAndUpdateCompilation(Compilation(settings, sources), out var completed, out var diagnostics);
        Assert.Empty(diagnostics);
        return completed;
    }
}
