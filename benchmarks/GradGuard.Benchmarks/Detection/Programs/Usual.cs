namespace GradGuard.Benchmarks.Detection.Programs;

/// <summary>The plain program.</summary>
/// <param name="steps">Steps to train; null for as many as usual.</param>
internal sealed class Usual(int? steps = null) : Variation
{
    public override string Name => steps is { } count ? $"as usual for {count} steps" : "as usual";

    public override int Steps(int usual) => steps ?? usual;
}
