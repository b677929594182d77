using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Cli.Input;

/// <summary>The assemblies that sources are compiled against: the running framework, TorchSharp and its parts, and what the user names.</summary>
internal static class MetadataReferences
{
    /// <summary>TorchSharp's managed assemblies as they lie beside the tool.</summary>
    private static readonly string[] Torch = ["TorchSharp.dll", "SkiaSharp.dll", "Google.Protobuf.dll", "ICSharpCode.SharpZipLib.dll"];

    private static readonly List<PortableExecutableReference> Own = ReadOwn();

    /// <summary>References in a fixed order; one named by the user stands in for the tool's own of the same name.</summary>
    /// <param name="extra">Full paths of DLLs, or of folders whose managed DLLs are all taken.</param>
    /// <exception cref="InputException">One of <paramref name="extra"/> is missing or is no assembly.</exception>
    public static ImmutableArray<MetadataReference> With(IReadOnlyList<string> extra)
    {
        var byName = Own.ToDictionary(reference => Path.GetFileName(reference.FilePath!), StringComparer.OrdinalIgnoreCase);
        foreach (var reference in Named(extra))
            byName[Path.GetFileName(reference.FilePath!)] = reference;
        return [.. byName.OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase).Select(entry => entry.Value)];
    }

    /// <summary>Only what the user names.</summary>
    /// <exception cref="InputException">One of <paramref name="paths"/> is missing or is no assembly.</exception>
    public static IReadOnlyList<PortableExecutableReference> Named(IReadOnlyList<string> paths) =>
        [.. paths.SelectMany(Named).Select(path => MetadataReference.CreateFromFile(path))];

    private static List<PortableExecutableReference> ReadOwn()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return [.. Directory.EnumerateFiles(framework, "*.dll").Where(IsAssembly)
            .Concat(Torch.Select(name => Path.Combine(AppContext.BaseDirectory, name)).Where(File.Exists))
            .Select(path => MetadataReference.CreateFromFile(path))];
    }

    private static IEnumerable<string> Named(string path)
    {
        if (Directory.Exists(path))
            return Directory.EnumerateFiles(path, "*.dll").Where(IsAssembly);
        if (!File.Exists(path))
            throw new InputException($"--reference {path}: there is no such file or folder");
        if (!IsAssembly(path))
            throw new InputException($"--reference {path}: it is not a .NET assembly");
        return [path];
    }

    private static bool IsAssembly(string path)
    {
        try
        {
            using var reader = new PEReader(File.OpenRead(path));
            return reader.HasMetadata && reader.GetMetadataReader().IsAssembly;
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }
}
