namespace GradGuard.Benchmarks.StepTime;

/// <summary>What to train, how long, and watched in which ways.</summary>
/// <param name="Model">Part of a workload's name; empty for all.</param>
/// <param name="Seconds">Time for each workload, about, beyond its warm-up; its processes share it.</param>
/// <param name="Ways">The ways that are compared, unwatched runs among them: the fewer, the more steps of each fit into the time.</param>
internal sealed record StepTimeOptions(string Model, int Seconds, IReadOnlyList<Watching> Ways)
{
    private static readonly Watching[] Unwatched = [Watching.Off, Watching.Control];

    /// <summary>Reads <c>[MODEL [SECONDS [WAYS]]]</c>; null where one is wrong.</summary>
    public static StepTimeOptions? Parse(ReadOnlySpan<string> arguments)
    {
        var seconds = 40;
        if (arguments.Length > 3 || (arguments.Length > 1 && (!int.TryParse(arguments[1], out seconds) || seconds <= 0)))
            return null;
        return WaysOf(arguments.Length > 2 ? arguments[2] : null) is { } ways ? new(arguments.Length > 0 ? arguments[0] : "", seconds, ways) : null;
    }

    /// <summary>Arguments of the process that measures a workload.</summary>
    /// <param name="workload">Its whole name.</param>
    /// <param name="seconds">Time for that process.</param>
    public string[] Of(string workload, int seconds) => [workload, $"{seconds}", string.Join(',', Ways)];

    private static Watching[]? WaysOf(string? names)
    {
        if (names is null)
            return Enum.GetValues<Watching>();
        var ways = Unwatched.ToHashSet();
        foreach (var name in names.Split(','))
        {
            if (!Enum.TryParse<Watching>(name, ignoreCase: true, out var way) || !Enum.IsDefined(way))
                return null;
            ways.Add(way);
        }

        return [.. ways.Order()];
    }
}
