using System.Text;
using System.Text.Json;
using GradGuard.Cli.Input;

namespace GradGuard.Cli.Checking;

/// <summary>A value in a policy file that knows where it stands, so that what is wrong with it can be told with its place.</summary>
internal sealed class PolicyNode
{
    private readonly string _place;
    private readonly JsonTokenType _kind;
    private readonly object? _value;

    private PolicyNode(string place, JsonTokenType kind, object? value)
    {
        _place = place;
        _kind = kind;
        _value = value;
    }

    /// <summary>Reads a file's text; comments and commas behind the last element are taken.</summary>
    /// <param name="path">To name in messages.</param>
    /// <param name="text">UTF-8.</param>
    /// <exception cref="InputException">It is not JSON.</exception>
    public static PolicyNode Parse(string path, ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            reader.Read();
            var root = Read(path, text, ref reader);
            reader.Read();
            return root;
        }
        catch (InvalidOperationException)
        {
            throw new InputException($"{path}: it holds a text that is not UTF-8");
        }
        catch (JsonException error)
        {
            throw new InputException($"{path}:{error.LineNumber + 1}:{error.BytePositionInLine + 1}: it is not JSON");
        }
    }

    /// <summary>The members of an object.</summary>
    /// <exception cref="InputException">It is something else, or one has another name than <paramref name="known"/>, or a name comes twice.</exception>
    public IReadOnlyDictionary<string, PolicyNode> Members(params string[] known)
    {
        var members = _value as List<(string Name, string Place, PolicyNode Value)> ?? throw Fault("an object is expected here");
        var byName = new Dictionary<string, PolicyNode>(StringComparer.Ordinal);
        foreach (var (name, place, value) in members)
        {
            if (!known.Contains(name))
                throw new InputException($"{place}: '{name}' is not known here: {string.Join(", ", known)}");
            if (!byName.TryAdd(name, value))
                throw new InputException($"{place}: '{name}' stands here twice");
        }

        return byName;
    }

    /// <summary>The elements of an array.</summary>
    public IReadOnlyList<PolicyNode> Items() => _value as List<PolicyNode> ?? throw Fault("an array is expected here");

    public string Text() => _value as string ?? throw Fault("a text is expected here");

    public bool Flag() => _kind switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Fault("true or false is expected here"),
    };

    /// <summary>A finite number within bounds.</summary>
    public double Number(double least = double.NegativeInfinity, double most = double.PositiveInfinity)
    {
        if (_value is not double number || !double.IsFinite(number))
            throw Fault("a number is expected here");
        return number < least ? throw Fault($"a number of at least {least} is expected here")
            : number > most ? throw Fault($"a number of at most {most} is expected here")
            : number;
    }

    /// <summary>A whole number of at least <paramref name="least"/>.</summary>
    public long Count(long least)
    {
        var number = Number(least, 1L << 53);
        return double.IsInteger(number) ? (long)number : throw Fault("a whole number is expected here");
    }

    /// <summary>One of the names of an enumeration, in lower case.</summary>
    public T Choice<T>()
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(name => name.ToLowerInvariant()).ToList();
        return _value is string text && names.Contains(text) ? Enum.Parse<T>(text, ignoreCase: true) : throw Fault($"expected here: {string.Join(", ", names)}");
    }

    /// <summary>Says what is wrong here.</summary>
    public InputException Fault(string reason) => new($"{_place}: {reason}");

    private static PolicyNode Read(string path, ReadOnlySpan<byte> text, ref Utf8JsonReader reader)
    {
        var (place, kind) = (Place(path, text, reader.TokenStartIndex), reader.TokenType);
        return new(place, kind, kind switch
        {
            JsonTokenType.StartObject => ReadMembers(path, text, ref reader),
            JsonTokenType.StartArray => ReadItems(path, text, ref reader),
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => reader.GetDouble(),
            _ => null,
        });
    }

    private static List<(string Name, string Place, PolicyNode Value)> ReadMembers(string path, ReadOnlySpan<byte> text, ref Utf8JsonReader reader)
    {
        var members = new List<(string, string, PolicyNode)>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (name, place) = (reader.GetString()!, Place(path, text, reader.TokenStartIndex));
            reader.Read();
            members.Add((name, place, Read(path, text, ref reader)));
        }

        return members;
    }

    private static List<PolicyNode> ReadItems(string path, ReadOnlySpan<byte> text, ref Utf8JsonReader reader)
    {
        var items = new List<PolicyNode>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(Read(path, text, ref reader));
        return items;
    }

    private static string Place(string path, ReadOnlySpan<byte> text, long at)
    {
        var before = text[..(int)at];
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return $"{path}:{before.Count((byte)'\n') + 1}:{Encoding.UTF8.GetCharCount(before[lineStart..]) + 1}";
    }
}
