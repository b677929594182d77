using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Tests.Verification;

/// <summary>What test sources are compiled against: the running framework and TorchSharp's managed assembly. Nothing is downloaded.</summary>
internal static class References
{
    public static ImmutableArray<MetadataReference> Framework { get; } = ReadFramework();

    public static MetadataReference TorchSharp { get; } =
        MetadataReference.CreateFromFile(typeof(global::TorchSharp.torch).Assembly.Location);

    public static ImmutableArray<MetadataReference> WithTorchSharp { get; } = Framework.Add(TorchSharp);

    /// <summary>GradGuard's monitor, for code that attaches one.</summary>
    public static MetadataReference Monitor { get; } = MetadataReference.CreateFromFile(typeof(global::GradGuard.Monitor.GradientMonitor).Assembly.Location);

    private static ImmutableArray<MetadataReference> ReadFramework()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        return
        [
            .. trusted.Split(Path.PathSeparator)
                .Where(path => Path.GetDirectoryName(path) == framework)
                .Select(path => MetadataReference.CreateFromFile(path)),
        ];
    }
}
