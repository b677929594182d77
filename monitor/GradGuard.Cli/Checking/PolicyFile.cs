using GradGuard.Cli.Input;

namespace GradGuard.Cli.Checking;

/// <summary>Finds and reads policy files. Their shape is in docs/schemas/policy.schema.json.</summary>
internal static class PolicyFile
{
    /// <summary>The name that is looked for.</summary>
    public const string Name = "gradguard.json";

    private const int LongestFile = 1 << 20;

    /// <summary>The nearest policy file in a folder or one above it; null where there is none.</summary>
    public static string? Above(string directory)
    {
        for (var folder = new DirectoryInfo(directory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, Name);
            if (Path.Exists(path))
                return path;
        }

        return null;
    }

    /// <summary>Reads a policy.</summary>
    /// <exception cref="InputException">It cannot be read, or is not a policy; the place in the file is named.</exception>
    public static Policy Read(string path)
    {
        var text = Bytes(path);
        var root = PolicyNode.Parse(path, text.AsSpan(text is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0)).Members("$schema", "failOn", "alerts", "limits", "require");
        root.GetValueOrDefault("$schema")?.Text();
        return new(
            root.GetValueOrDefault("failOn")?.Choice<FailOn>() ?? Policy.Default.FailOn,
            [.. root.GetValueOrDefault("alerts")?.Items().Select(Rule) ?? []],
            root.TryGetValue("limits", out var limits) ? ReadLimits(limits) : new(),
            root.TryGetValue("require", out var required) ? ReadRequirements(required) : new());
    }

    private static AlertRule Rule(PolicyNode node)
    {
        var members = node.Members("id", "layer", "action");
        var id = members.TryGetValue("id", out var named) ? named.Text() : throw node.Fault("'id' is missing");
        if (!AlertCatalogue.Titles.Keys.Any(known => Wildcards.Match(id, known)))
            throw named.Fault($"no alert has the number {id}");
        return new(
            id,
            members.GetValueOrDefault("layer")?.Text() ?? "*",
            members.TryGetValue("action", out var action) ? action.Choice<AlertAction>() : throw node.Fault("'action' is missing"));
    }

    private static Limits ReadLimits(PolicyNode node)
    {
        var members = node.Members("inactiveShare", "saturatedShare", "updateRatio", "finalLoss", "nonFiniteLosses", "except");
        var ratio = members.GetValueOrDefault("updateRatio")?.Members("min", "max");
        return new()
        {
            InactiveShare = members.GetValueOrDefault("inactiveShare")?.Number(0, 1),
            SaturatedShare = members.GetValueOrDefault("saturatedShare")?.Number(0, 1),
            LeastUpdateRatio = ratio?.GetValueOrDefault("min")?.Number(0),
            LargestUpdateRatio = ratio?.GetValueOrDefault("max")?.Number(0),
            FinalLoss = members.GetValueOrDefault("finalLoss")?.Number(),
            NonFiniteLosses = members.GetValueOrDefault("nonFiniteLosses")?.Count(0),
            Except = Patterns(members.GetValueOrDefault("except")),
        };
    }

    private static Requirements ReadRequirements(PolicyNode node)
    {
        var members = node.Members("steps", "complete", "seenLayers", "noHiddenCode", "evaluated", "limitsJudged");
        return new()
        {
            Steps = members.GetValueOrDefault("steps")?.Count(0) ?? Policy.Default.Require.Steps,
            Complete = members.GetValueOrDefault("complete")?.Flag() ?? false,
            SeenLayers = members.GetValueOrDefault("seenLayers")?.Number(0, 1),
            NoHiddenCode = members.GetValueOrDefault("noHiddenCode")?.Flag() ?? false,
            Evaluated = Patterns(members.GetValueOrDefault("evaluated")),
            LimitsJudged = members.GetValueOrDefault("limitsJudged")?.Flag() ?? false,
        };
    }

    private static IReadOnlyList<string> Patterns(PolicyNode? node) => [.. node?.Items().Select(item => item.Text()) ?? []];

    private static byte[] Bytes(string path)
    {
        try
        {
            if (Directory.Exists(path))
                throw new InputException($"{path}: it is a folder, not a policy file");
            using var stream = File.OpenRead(path);
            var text = new byte[LongestFile + 1];
            var length = stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return length <= LongestFile ? text[..length] : throw new InputException($"{path}: it has more than {LongestFile >> 20} MiB, and is no policy");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: there is no such file");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: it cannot be read: {error.Message}");
        }
    }
}
