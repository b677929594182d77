using System.Text.Json.Serialization;

namespace GradGuard.Cli.Comparison;

/// <summary>Steps from the first to the last, both counted.</summary>
internal readonly record struct StepRange(long First, long Last)
{
    [JsonIgnore]
    public bool IsEmpty => First > Last;

    public bool Contains(long step) => step >= First && step <= Last;

    /// <summary>The steps in both.</summary>
    public StepRange And(StepRange other) => new(Math.Max(First, other.First), Math.Min(Last, other.Last));
}
