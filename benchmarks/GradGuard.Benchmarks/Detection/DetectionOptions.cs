using GradGuard.Benchmarks.Detection.Programs;

namespace GradGuard.Benchmarks.Detection;

/// <summary>Which programs to run, how often, and how the monitor samples.</summary>
internal sealed record DetectionOptions
{
    /// <summary>Part of the name of the programs to run; empty for all.</summary>
    public string Only { get; private init; } = "";

    /// <summary>One set, or both.</summary>
    public ProgramSet? Set { get; private init; }

    /// <summary>Runs of each program.</summary>
    public int Seeds { get; private init; } = 3;

    /// <summary>The first seed; a fresh one unless given.</summary>
    public int Seed { get; private init; } = Random.Shared.Next(1_000_000);

    /// <summary>Healthy and faulty programs of each set at most, spread over all.</summary>
    public int Limit { get; private init; } = int.MaxValue;

    /// <summary>The monitor's sampling interval; null for its default.</summary>
    public int? SampleEvery { get; private init; }

    /// <summary>True to list each failing run.</summary>
    public bool Details { get; private init; }

    /// <summary>Reads options; null where one is not known or has no value.</summary>
    public static DetectionOptions? Parse(ReadOnlySpan<string> arguments)
    {
        var options = new DetectionOptions();
        while (arguments is [var name, .. var rest])
        {
            if (name == "--details")
            {
                options = options with { Details = true };
                arguments = rest;
                continue;
            }

            if (rest is not [var value, ..] || options.With(name, value) is not { } next)
                return null;
            options = next;
            arguments = rest[1..];
        }

        return options;
    }

    private DetectionOptions? With(string name, string value) => name switch
    {
        "--only" => this with { Only = value },
        "--set" when Enum.TryParse<ProgramSet>(value, ignoreCase: true, out var set) => this with { Set = set },
        "--seeds" when int.TryParse(value, out var seeds) && seeds > 0 => this with { Seeds = seeds },
        "--seed" when int.TryParse(value, out var seed) => this with { Seed = seed },
        "--limit" when int.TryParse(value, out var limit) && limit > 0 => this with { Limit = limit },
        "--sample-every" when int.TryParse(value, out var interval) && interval > 0 => this with { SampleEvery = interval },
        _ => null,
    };
}
