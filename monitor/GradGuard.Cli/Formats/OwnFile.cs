using GradGuard.Cli.Input;

namespace GradGuard.Cli.Formats;

/// <summary>A file that the user names for the tool to write. It replaces what the tool itself wrote there, and nothing else.</summary>
internal static class OwnFile
{
    /// <summary>Says no before any work is done.</summary>
    /// <param name="option">The option that names the file, for the message.</param>
    /// <param name="path">Full path.</param>
    /// <param name="kind">What the file is, as in "a baseline of gradguard".</param>
    /// <param name="isOwn">Tells by its path whether a file is of that kind.</param>
    /// <exception cref="InputException">The path cannot be written to, or holds something else.</exception>
    public static void RefuseOthers(string option, string path, string kind, Predicate<string> isOwn)
    {
        if (Directory.Exists(path))
            throw new InputException($"{option} {path}: it is a folder");
        if (File.Exists(path) && !isOwn(path))
            throw new InputException($"{option} {path}: the file there is not {kind}, and is left alone");
        if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
            throw new InputException($"{option} {path}: there is no folder {folder}");
        if (Path.Exists(Unfinished(path)))
            throw new InputException($"{option} {path}: {Unfinished(path)} is in the way");
    }

    /// <summary>Writes in one go: whoever reads meanwhile finds the old file or the new one.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string option, string path, string text)
    {
        var unfinished = Unfinished(path);
        try
        {
            using (var writer = new StreamWriter(new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write)))
                writer.Write(text);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{option} {path}: {error.Message}");
        }
    }

    private static string Unfinished(string path) => path + ".unfinished";
}
