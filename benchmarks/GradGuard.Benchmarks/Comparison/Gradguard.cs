using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;

namespace GradGuard.Benchmarks.Comparison;

/// <summary>The command as a user has it, in a process of its own.</summary>
internal static class Gradguard
{
    private const int NoRegression = 0;
    private const int Regression = 1;

    private static readonly string Program = typeof(Gradguard).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static fact => fact.Key == "CommandLine").Value!
        + (OperatingSystem.IsWindows() ? ".exe" : "");

    /// <summary>Compares a run with its bases.</summary>
    /// <exception cref="InvalidOperationException">There is no verdict.</exception>
    public static Verdict Compare(IReadOnlyList<string> bases, string run)
    {
        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["compare", bases[0], run, .. bases.Skip(1).SelectMany(static more => new[] { "--base", more }), "--format", "json"])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode is not (NoRegression or Regression))
            throw new InvalidOperationException($"gradguard compare {bases[0]} {run}: {errors.Result}");
        var document = JsonNode.Parse(output)!;
        return new Verdict(
            process.ExitCode == Regression,
            [.. document["figures"]!.AsArray().Where(static figure => (bool)figure!["isRegression"]!).Select(static figure => new Finding((string)figure!["figure"]!, (string)figure["layer"]!))],
            [.. document["newAlerts"]!.AsArray().Where(static alert => (string)alert!["severity"]! != "Info").Select(static alert => new Finding((string)alert!["id"]!, (string)alert["layer"]!))]);
    }
}

/// <summary>What a comparison said.</summary>
/// <param name="IsRegression">By its exit code.</param>
/// <param name="Figures">Those that are worse.</param>
/// <param name="Alerts">Those that are new.</param>
internal sealed record Verdict(bool IsRegression, IReadOnlyList<Finding> Figures, IReadOnlyList<Finding> Alerts);

/// <summary>A figure or an alert's number, and its layer.</summary>
internal sealed record Finding(string What, string Layer)
{
    /// <inheritdoc/>
    public override string ToString() => $"{What} of {(Layer.Length == 0 ? "model" : Layer)}";
}
