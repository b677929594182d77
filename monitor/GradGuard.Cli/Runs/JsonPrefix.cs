using System.Text.Json;

namespace GradGuard.Cli.Runs;

/// <summary>Tells apart what is JSON, what was cut while it was written, and what is neither.</summary>
internal static class JsonPrefix
{
    /// <summary>True when the bytes are one JSON value from first to last.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> bytes) => TryRead(bytes, isWhole: true, out _);

    /// <summary>True when the bytes start a JSON object that more bytes would end.</summary>
    public static bool IsStart(ReadOnlySpan<byte> bytes) => bytes.Length > 0 && bytes[0] == '{' && TryRead(bytes, isWhole: false, out var depth) && depth > 0;

    private static bool TryRead(ReadOnlySpan<byte> bytes, bool isWhole, out int depth)
    {
        var reader = new Utf8JsonReader(bytes, isWhole, state: default);
        depth = 0;
        try
        {
            while (reader.Read())
                depth = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? reader.CurrentDepth + 1 : reader.CurrentDepth;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
