using GradGuard.Instrumentation.Emission;
using GradGuard.Instrumentation.Sites;
using Microsoft.CodeAnalysis;

namespace GradGuard.Instrumentation;

/// <summary>
/// Lets the monitor see what TorchSharp's hooks do not reach: for each source file it writes interceptors of the file's calls of
/// <c>forward</c> and of activation functions, and a table of what they are, what stays hidden, and where layers are created.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class InstrumentationGenerator : IIncrementalGenerator
{
    /// <summary>Name of the step that reads the source files, for whoever tracks what is computed again.</summary>
    public const string FilesStep = "InstrumentedFiles";

    /// <summary>Name of the step that puts a file beside the project's folder, the last before it is written.</summary>
    public const string OutputsStep = "InstrumentedOutputs";

    /// <summary>Namespace of the interceptors, which the build has to allow.</summary>
    public const string InterceptorNamespace = "GradGuard.Generated";

    private const string InterceptorsFeature = "InterceptorsNamespaces";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var folder = context.AnalyzerConfigOptionsProvider.Select(static (options, _)
            => options.GlobalOptions.TryGetValue("build_property.ProjectDir", out var directory) ? directory : "");

        // The reader remembers the files; what it hands on is compared by value, so that a file that reads as before is not written again.
        var files = context.CompilationProvider
            .SelectMany(static (compilation, cancellation) => IsEnabled(compilation) ? ProjectReader.Read(compilation, cancellation) : [])
            .WithTrackingName(FilesStep)
            .Where(static file => file is not null);
        context.RegisterSourceOutput(
            files.Combine(folder).WithTrackingName(OutputsStep),
            static (output, pair) => FileWriter.Write(output, pair.Left!, pair.Right));
    }

    /// <summary>
    /// The build asks for instrumentation by allowing interceptors in the generator's namespace, and the monitor has to be there for
    /// them to talk to; without that nothing is even read.
    /// </summary>
    private static bool IsEnabled(Compilation compilation)
        => compilation.SyntaxTrees.FirstOrDefault()?.Options.Features is { } features
            && features.TryGetValue(InterceptorsFeature, out var namespaces) && namespaces.Split(';').Contains(InterceptorNamespace)
            && compilation.GetTypeByMetadataName(FileWriter.RuntimeType) is not null;
}
