using GradGuard.Cli.Input;

namespace GradGuard.Cli.Formats.Comparisons;

/// <summary>A comparison on disk.</summary>
internal static class ComparisonFile
{
    /// <summary>Writes it in one go.</summary>
    /// <exception cref="InputException">The path holds something that this format has not written: it is left alone.</exception>
    public static void Write(string path, IComparisonFormat format, string text)
    {
        RefuseOthers(path, format);
        var unfinished = path + ".unfinished";
        if (File.Exists(unfinished) || Directory.Exists(unfinished))
            throw new InputException($"--output {path}: {unfinished} is in the way");
        File.WriteAllText(unfinished, text);
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Says no before any work is done.</summary>
    /// <exception cref="InputException">The path cannot be written to.</exception>
    public static void RefuseOthers(string path, IComparisonFormat format)
    {
        if (Directory.Exists(path))
            throw new InputException($"--output {path}: it is a folder");
        if (File.Exists(path) && !format.Recognises(File.ReadAllText(path)))
            throw new InputException($"--output {path}: the file there is not a comparison of this format, and is left alone");
        if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
            throw new InputException($"--output {path}: there is no folder {folder}");
    }
}
