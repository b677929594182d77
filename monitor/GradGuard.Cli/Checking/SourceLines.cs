using GradGuard.Cli.Analysis;
using GradGuard.Cli.Input;
using GradGuard.Cli.Runs;

namespace GradGuard.Cli.Checking;

/// <summary>Finds the lines that runs name, which are told relative to the project that was built.</summary>
/// <param name="folders">Full paths of the projects' folders, or those above; the first that has a file is taken.</param>
/// <param name="workingDirectory">Full path that paths are told from.</param>
internal sealed class SourceLines(IReadOnlyList<string> folders, string workingDirectory)
{
    /// <summary>The place of a line, and its text where the file is there to be read, else empty.</summary>
    public (SourceSpan Place, string Text) Find(SourceLine line)
    {
        var path = folders.Select(folder => Path.GetFullPath(line.File, folder)).FirstOrDefault(File.Exists);
        var text = path is null ? "" : Read(path, line.Line);
        var shown = DisplayPath.Of(path ?? Path.GetFullPath(line.File, folders[0]), workingDirectory);
        var start = text.Length - text.TrimStart().Length;
        return (new(shown, line.Line, start + 1, line.Line, text.TrimEnd().Length + 1), text);
    }

    private static string Read(string path, int line)
    {
        // Whatever else a run may name is no source, and can be anything.
        if (!path.EndsWith(".cs", StringComparison.OrdinalIgnoreCase))
            return "";
        try
        {
            return File.ReadLines(path).ElementAtOrDefault(line - 1) ?? "";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
