using GradGuard.Monitor.Build.Elf;

namespace GradGuard.Monitor.Build;

/// <summary>
/// Finds a shared library where the dynamic loader of this Linux would: <c>LD_LIBRARY_PATH</c>, the folders of
/// <c>/etc/ld.so.conf</c>, then the loader's own folders (ld.so(8), ldconfig(8)). Runs no program.
/// </summary>
internal sealed class HostLibraries(string root, string? libraryPath)
{
    private const ushort MachineX64 = 62;
    private const int DeepestInclude = 8;
    private static readonly string[] LoaderFolders =
        ["lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu", "lib64", "usr/lib64", "lib", "usr/lib"];

    /// <summary>The libraries of the machine this runs on.</summary>
    public static HostLibraries OfThisMachine() => new("/", Environment.GetEnvironmentVariable("LD_LIBRARY_PATH"));

    /// <summary>The first x86-64 library of this file name, with the versions it defines, or null where there is none.</summary>
    public (string Path, ISet<string> Versions)? Find(string fileName)
    {
        foreach (var folder in Folders())
        {
            var path = Path.Combine(folder, fileName);
            if (File.Exists(path) && VersionsOf(path) is { } versions)
                return (path, versions);
        }

        return null;
    }

    private IEnumerable<string> Folders() =>
        (libraryPath ?? "").Split(':').Where(folder => folder.Length > 0)
            .Concat(Configured(Path.Combine(root, "etc/ld.so.conf"), 0))
            .Concat(LoaderFolders.Select(folder => Path.Combine(root, folder)));

    private IEnumerable<string> Configured(string file, int depth)
    {
        if (depth > DeepestInclude || !File.Exists(file))
            yield break;

        foreach (var line in File.ReadLines(file))
        {
            var entry = line.Split('#')[0].Trim();
            if (entry.StartsWith("include ", StringComparison.Ordinal))
            {
                foreach (var folder in Included(file, entry.Substring("include ".Length).Trim()).SelectMany(f => Configured(f, depth + 1)))
                    yield return folder;
            }
            else if (entry.StartsWith("/", StringComparison.Ordinal))
            {
                yield return Path.Combine(root, entry.TrimStart('/'));
            }
        }
    }

    private IEnumerable<string> Included(string file, string pattern)
    {
        var full = pattern.StartsWith("/", StringComparison.Ordinal)
            ? Path.Combine(root, pattern.TrimStart('/'))
            : Path.Combine(Path.GetDirectoryName(file)!, pattern);
        var folder = Path.GetDirectoryName(full)!;
        return Directory.Exists(folder)
            ? Directory.GetFiles(folder, Path.GetFileName(full)).OrderBy(f => f, StringComparer.Ordinal)
            : [];
    }

    /// <summary>Null for what the loader would pass over too: another processor's library, or no library at all.</summary>
    private static ISet<string>? VersionsOf(string path)
    {
        try
        {
            var image = ElfImage.Parse(File.ReadAllBytes(path));
            return image.Machine == MachineX64 ? SymbolVersions.Definitions(image) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
