using GradGuard.Cli.Input;

namespace GradGuard.Cli.Formats.Comparisons;

/// <summary>A comparison on disk.</summary>
internal static class ComparisonFile
{
    private const string Option = "--output";

    /// <summary>No comparison has as many bytes: what has more is not even read.</summary>
    private const long Largest = 64 << 20;

    /// <summary>Writes it in one go.</summary>
    /// <exception cref="InputException">The path holds something that this format has not written: it is left alone.</exception>
    public static void Write(string path, IComparisonFormat format, string text)
    {
        RefuseOthers(path, format);
        OwnFile.Write(Option, path, text);
    }

    /// <summary>Says no before any work is done.</summary>
    /// <exception cref="InputException">The path cannot be written to.</exception>
    public static void RefuseOthers(string path, IComparisonFormat format) =>
        OwnFile.RefuseOthers(Option, path, "a comparison of this format", existing => new FileInfo(existing).Length <= Largest && format.Recognises(File.ReadAllText(existing)));
}
