using GradGuard.Cli.Runs;

namespace GradGuard.Cli.Comparison;

/// <summary>A run as it is compared.</summary>
internal sealed record ComparedRun
{
    /// <summary>What the user calls it.</summary>
    public required string Name { get; init; }

    /// <summary>The steps it recorded.</summary>
    public required StepRange Steps { get; init; }

    /// <summary>Types of the model's modules by path.</summary>
    public required IReadOnlyDictionary<string, string> Layers { get; init; }

    /// <summary>What was read, by layer and figure.</summary>
    public required IReadOnlyDictionary<(string Layer, Figure Figure), Series> Series { get; init; }

    /// <summary>What it alerted to, in order.</summary>
    public IReadOnlyList<RunAlert> Alerts { get; init; } = [];

    /// <summary>The lines of the program that made the layers, as far as the run tells.</summary>
    public IReadOnlyDictionary<string, SourceLine> Places { get; init; } = new Dictionary<string, SourceLine>();

    /// <summary>Files whose last line was cut while it was written.</summary>
    public IReadOnlyCollection<string> CutShort { get; init; } = [];
}
