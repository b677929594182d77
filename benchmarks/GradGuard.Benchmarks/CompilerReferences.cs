using Microsoft.CodeAnalysis;

namespace GradGuard.Benchmarks;

/// <summary>What sources that use TorchSharp and nothing else are compiled against in memory.</summary>
internal static class CompilerReferences
{
    /// <summary>The running framework, and TorchSharp.</summary>
    public static IReadOnlyList<MetadataReference> All { get; } = Read();

    private static List<MetadataReference> Read()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == framework)
            .Append(typeof(TorchSharp.torch).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path))];
    }
}
