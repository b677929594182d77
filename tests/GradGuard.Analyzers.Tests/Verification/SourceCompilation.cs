using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GradGuard.Analyzers.Tests.Verification;

/// <summary>Source texts compiled in memory, for tests that look at symbols and graphs without running the analyzer.</summary>
internal static class SourceCompilation
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest);

    /// <summary>Compiles against TorchSharp; the sources may be half-written, so errors are left for the caller to look at.</summary>
    public static CSharpCompilation Of(params string[] sources) => Of(References.WithTorchSharp, sources);

    public static CSharpCompilation Of(IEnumerable<MetadataReference> references, params string[] sources)
    {
        var trees = sources.Select((source, index) => CSharpSyntaxTree.ParseText(source, ParseOptions, $"Test{index}.cs")).ToArray();
        var hasEntryPoint = trees.Any(tree => tree.GetRoot().ChildNodes().OfType<Microsoft.CodeAnalysis.CSharp.Syntax.GlobalStatementSyntax>().Any());
        var kind = hasEntryPoint ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        return CSharpCompilation.Create("Model", trees, references, new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable));
    }
}
