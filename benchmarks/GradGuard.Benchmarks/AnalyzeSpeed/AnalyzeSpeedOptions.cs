using System.Globalization;

namespace GradGuard.Benchmarks.AnalyzeSpeed;

/// <summary>What to analyse, and how often.</summary>
internal sealed record AnalyzeSpeedOptions
{
    /// <summary>Source files of the project.</summary>
    public int Files { get; private init; } = 1500;

    /// <summary>A folder of sources that use TorchSharp, to copy until there are that many; null to generate them.</summary>
    public string? Sources { get; private init; }

    /// <summary>A folder of ordinary sources, of which most of the project is made; null for a project that is TorchSharp code and nothing else.</summary>
    public string? Ordinary { get; private init; }

    /// <summary>Share of files that use TorchSharp, where the others are ordinary.</summary>
    public double TorchShare { get; private init; } = 0.05;

    /// <summary>Seed of the generated sources; a fresh one unless given.</summary>
    public int Seed { get; private init; } = Random.Shared.Next(1_000_000);

    /// <summary>Builds with each analyzer; the fastest counts.</summary>
    public int Rounds { get; private init; } = 2;

    /// <summary>Reads options; null where one is not known or has no value.</summary>
    public static AnalyzeSpeedOptions? Parse(ReadOnlySpan<string> arguments)
    {
        var options = new AnalyzeSpeedOptions();
        while (arguments is [var name, .. var rest])
        {
            if (rest is not [var value, ..] || options.With(name, value) is not { } next)
                return null;
            options = next;
            arguments = rest[1..];
        }

        return options;
    }

    private AnalyzeSpeedOptions? With(string name, string value) => name switch
    {
        "--files" when int.TryParse(value, out var files) && files > 0 => this with { Files = files },
        "--sources" when Directory.Exists(value) => this with { Sources = Path.GetFullPath(value) },
        "--ordinary" when Directory.Exists(value) => this with { Ordinary = Path.GetFullPath(value) },
        "--torch" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is > 0 and < 1 => this with { TorchShare = share },
        "--seed" when int.TryParse(value, out var seed) => this with { Seed = seed },
        "--rounds" when int.TryParse(value, out var rounds) && rounds > 0 => this with { Rounds = rounds },
        _ => null,
    };
}
