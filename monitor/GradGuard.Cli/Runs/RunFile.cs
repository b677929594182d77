using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using GradGuard.Cli.Input;

namespace GradGuard.Cli.Runs;

/// <summary>Opens and reads single files of a run directory. What is wrong with one is told in one line that names it.</summary>
internal static class RunFile
{
    /// <summary>The version of the documents' shape that is read here.</summary>
    public const int Schema = 1;

    /// <summary>Bytes of a document that are read at most; a header with 100,000 layers has 20 MB.</summary>
    private const long LongestDocument = 64L << 20;

    /// <summary>Whether there is anything of that name, a link that leads nowhere included.</summary>
    public static bool Exists(string path) => Path.Exists(path) || new FileInfo(path).LinkTarget is not null;

    /// <summary>Opens a file that may still be written to, moved and deleted.</summary>
    /// <exception cref="InputException">It is missing, a folder, or cannot be read.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: it is missing");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Directory.Exists(path) ? new InputException($"{path}: it is a folder, not a file") : Unreadable(path, error);
        }
    }

    /// <summary>Reads a document that is a whole file.</summary>
    /// <exception cref="InputException">It cannot be read, has another version, or is something else.</exception>
    public static T Read<T>(string path, JsonTypeInfo<T> type)
        where T : class, IVersionedDocument
    {
        var bytes = Bytes(path);
        if (VersionIn(bytes) is { } version and not Schema)
            throw new InputException($"{path}: it has version {version}, and this gradguard reads version {Schema}");
        return Parse(path, bytes, type);
    }

    /// <summary>Makes an object out of the JSON of a file or line.</summary>
    /// <param name="place">What to name in a message.</param>
    /// <param name="json">UTF-8.</param>
    /// <param name="type">How to read it.</param>
    /// <exception cref="InputException">It is not JSON, or does not keep to the schema.</exception>
    public static T Parse<T>(string place, ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class, IRunDocument
    {
        T? document;
        try
        {
            document = JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException error)
        {
            var reason = JsonPrefix.IsWhole(json) ? $"it does not keep to the schema: {FirstSentence(error.Message)} ({error.Path})" : "it is not JSON";
            throw new InputException($"{place}: {reason}");
        }

        var fault = document is null ? "it is null" : document.Fault;
        return fault is null ? document! : throw new InputException($"{place}: it does not keep to the schema: {fault}");
    }

    /// <summary>A failure to read, as one line.</summary>
    public static InputException Unreadable(string path, Exception error) => new($"{path}: it cannot be read: {error.Message}");

    private static byte[] Bytes(string path)
    {
        using var stream = Open(path);
        try
        {
            if (stream.Length > LongestDocument)
                throw new InputException($"{path}: it has more than {LongestDocument >> 20} MiB");
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Unreadable(path, error);
        }
    }

    /// <summary>The version that a document claims, whatever else it holds; null where it claims none.</summary>
    private static int? VersionIn(byte[] json)
    {
        if (!JsonPrefix.IsWhole(json))
            return null;
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("schema", out var schema) && schema.ValueKind == JsonValueKind.Number && schema.TryGetInt32(out var version) ? version : null;
    }

    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(". Path:", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }
}
