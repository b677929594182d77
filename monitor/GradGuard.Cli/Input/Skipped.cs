namespace GradGuard.Cli.Input;

/// <summary>Something that was left out, and why.</summary>
/// <param name="Path">Full path of a file or folder.</param>
/// <param name="Reason">One sentence.</param>
internal sealed record Skipped(string Path, string Reason);
