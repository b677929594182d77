using System.Diagnostics;

namespace GradGuard.Benchmarks;

/// <summary>A part of a benchmark in a process of its own: for what is settled when a process starts, and for a heap that nobody used before.</summary>
internal static class OwnProcess
{
    /// <summary>Runs this program with other arguments and another environment.</summary>
    /// <param name="variable">An environment variable.</param>
    /// <param name="value">Its value; null removes it.</param>
    /// <param name="arguments">The arguments.</param>
    /// <returns>What it printed, or how it failed.</returns>
    public static string RunWith(string variable, string? value, params string[] arguments)
    {
        var start = Start(arguments);
        if (value is null)
            start.Environment.Remove(variable);
        else
            start.Environment[variable] = value;
        return Run(start);
    }

    /// <summary>Runs this program with other arguments.</summary>
    /// <returns>What it printed, or how it failed.</returns>
    public static string Run(params string[] arguments) => Run(Start(arguments));

    private static ProcessStartInfo Start(string[] arguments)
    {
        // `dotnet GradGuard.Benchmarks.dll` runs in dotnet's own process, which must be told the program again.
        var host = Environment.ProcessPath!;
        var isDotnet = string.Equals(Path.GetFileNameWithoutExtension(host), "dotnet", StringComparison.OrdinalIgnoreCase);
        return new ProcessStartInfo(host, isDotnet ? [typeof(OwnProcess).Assembly.Location, .. arguments] : arguments) { RedirectStandardOutput = true };
    }

    private static string Run(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var printed = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? printed : $"ended with {process.ExitCode}";
    }
}
