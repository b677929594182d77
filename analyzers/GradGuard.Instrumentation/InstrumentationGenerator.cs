using GradGuard.Instrumentation.Emission;
using GradGuard.Instrumentation.Sites;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

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

        // One item a file: an edit is read again with its own file alone changing.
        var files = context.SyntaxProvider
            .CreateSyntaxProvider(
                static (node, _) => node is CompilationUnitSyntax && IsEnabled(node.SyntaxTree),
                static (file, cancellation) => IsWatchable(file.SemanticModel.Compilation)
                    ? FileReader.Read(file.SemanticModel, (CompilationUnitSyntax)file.Node, cancellation)
                    : null)
            .Where(static file => file is not null)
            .WithTrackingName(FilesStep);
        context.RegisterSourceOutput(
            files.Combine(folder).WithTrackingName(OutputsStep),
            static (output, pair) => FileWriter.Write(output, pair.Left!, pair.Right));
    }

    /// <summary>The build asks for instrumentation by allowing interceptors in the generator's namespace; without that nothing is even read.</summary>
    private static bool IsEnabled(SyntaxTree tree)
        => tree.Options.Features.TryGetValue(InterceptorsFeature, out var namespaces) && namespaces.Split(';').Contains(InterceptorNamespace);

    private static bool IsWatchable(Compilation compilation)
        => compilation.GetTypeByMetadataName(FileWriter.RuntimeType) is not null;
}
