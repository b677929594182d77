using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GradGuard.Analyzers.Source;

/// <summary>
/// The words of a file that could be names, those of comments and strings among them, by their hashes: quickly gathered, small to keep, and asked for
/// names that code must spell to reach something. An answer may be a yes too many (two words of one hash, a word of a comment), never a no too many.
/// </summary>
internal sealed class FileWords
{
    private const uint HashStart = 2166136261;
    private const uint HashFactor = 16777619;

    private readonly int[] _hashes;

    private FileWords(HashSet<int> hashes)
    {
        _hashes = [.. hashes];
        Array.Sort(_hashes);
    }

    /// <summary>Reads the words of a file.</summary>
    public static FileWords Of(SyntaxTree tree, CancellationToken cancellation = default)
    {
        var hashes = new HashSet<int>();
        if (!TryScan(tree.GetText(cancellation).ToString(), hashes))
            hashes = [.. tree.GetRoot(cancellation).DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => Hash(token.ValueText))];
        return new(hashes);
    }

    /// <summary>The hash of a word (FNV-1a over UTF-16 units).</summary>
    public static int Hash(string word)
    {
        var hash = HashStart;
        foreach (var character in word)
            hash = (hash ^ character) * HashFactor;
        return (int)hash;
    }

    /// <summary>True where the file may hold the word with this hash.</summary>
    public bool Contain(int hash) => Array.BinarySearch(_hashes, hash) >= 0;

    /// <summary>True where the file may hold one of the words with these hashes.</summary>
    public bool ContainAny(HashSet<int> hashes) => hashes.Count < _hashes.Length ? hashes.Any(Contain) : _hashes.Any(hashes.Contains);

    /// <summary>False where a name may be spelled otherwise than it reads: with a Unicode escape or with characters that do not count.</summary>
    private static bool TryScan(string text, HashSet<int> hashes)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var hash = HashStart;
            var start = at;
            for (; at < text.Length && IsPart(text[at]); at++)
            {
                if (text[at] > '\x7f' && CharUnicodeInfo.GetUnicodeCategory(text[at]) is UnicodeCategory.Format)
                    return false;
                hash = (hash ^ text[at]) * HashFactor;
            }

            if (at > start)
                hashes.Add((int)hash);
            if (at + 1 < text.Length && text[at] == '\\' && text[at + 1] is 'u' or 'U')
                return false;
        }

        return true;
    }

    private static bool IsPart(char character) =>
        character is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_' or (>= '0' and <= '9') or > '\x7f';
}
