using GradGuard.Instrumentation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GradGuard.Benchmarks.Instrumentation;

/// <summary>A project of somebody who uses TorchSharp, compiled in memory.</summary>
internal static class UserProject
{
    private static readonly MetadataReference[] References = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator).Select(static path => MetadataReference.CreateFromFile(path))];

    /// <summary>Options of a project that allows the interceptors and asks for predictions, or does not.</summary>
    public static CSharpParseOptions ParseOptions(bool instrumented) => CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp13)
        .WithFeatures(instrumented ? [new("InterceptorsNamespaces", InstrumentationGenerator.InterceptorNamespace), new(PredictionGenerator.Feature, "true")] : []);

    /// <summary>The project as written.</summary>
    public static CSharpCompilation Compile(string name, bool instrumented, IEnumerable<string> sources) => CSharpCompilation.Create(
        name,
        sources.Select((text, index) => CSharpSyntaxTree.ParseText(text, ParseOptions(instrumented), $"/project/File{index}.cs", System.Text.Encoding.UTF8)),
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, optimizationLevel: OptimizationLevel.Release));

    /// <summary>The generator of the predictions, which runs in builds.</summary>
    public static GeneratorDriver PredictionDriver()
        => CSharpGeneratorDriver.Create([new PredictionGenerator().AsSourceGenerator()], parseOptions: ParseOptions(instrumented: true));

    /// <summary>The generator of the interceptors, ready to run.</summary>
    public static GeneratorDriver Driver(bool instrumented)
        => CSharpGeneratorDriver.Create([new InstrumentationGenerator().AsSourceGenerator()], parseOptions: ParseOptions(instrumented));
}
