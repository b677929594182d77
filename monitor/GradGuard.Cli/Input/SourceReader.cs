using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace GradGuard.Cli.Input;

/// <summary>Turns files into syntax trees.</summary>
internal static class SourceReader
{
    private const int NewestFramework = 10;
    private const int LongestLook = 8192;
    private const int MiB = 1024 * 1024;

    /// <summary>In bytes. What people write is three orders of magnitude smaller; the compiler needs dozens of times as much memory.</summary>
    private const int LargestFile = 16 * MiB;

    /// <summary>The newest language, and the symbols of the newest framework in a release build.</summary>
    public static CSharpParseOptions Options { get; } = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.None).WithPreprocessorSymbols((IEnumerable<string>)
    [
        "NET", "NETCOREAPP", $"NET{NewestFramework}_0", "RELEASE", "TRACE",
        .. Enumerable.Range(5, NewestFramework - 4).Select(version => $"NET{version}_0_OR_GREATER"),
        "NETCOREAPP3_1_OR_GREATER",
    ]);

    /// <summary>The file's tree, or null and the reason why it cannot be read.</summary>
    public static SyntaxTree? TryRead(string path, CSharpParseOptions options, out string reason)
    {
        try
        {
            // Followed here, because a link has a length of its own.
            var length = (File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path)).Length;
            // Pipes and devices have no length either: opening one could last for ever.
            var bytes = length is 0 or > LargestFile ? [] : File.ReadAllBytes(path);
            if (length <= LargestFile && !IsBinary(bytes))
            {
                reason = "";
                return CSharpSyntaxTree.ParseText(SourceText.From(bytes, bytes.Length, Encoding.UTF8), options, path);
            }

            reason = length > LargestFile ? $"its {length / MiB} MiB are more than the {LargestFile / MiB} MiB that a source file may have" : "it is a binary file, not C# text";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            reason = error.Message;
        }

        return null;
    }

    /// <summary>Text has no zero bytes, unless it is UTF-16, which says so in its first two.</summary>
    private static bool IsBinary(ReadOnlySpan<byte> bytes)
    {
        var isUtf16 = bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];
        return !isUtf16 && bytes[..Math.Min(bytes.Length, LongestLook)].Contains((byte)0);
    }
}
