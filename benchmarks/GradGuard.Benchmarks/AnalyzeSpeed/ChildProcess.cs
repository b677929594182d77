using System.Diagnostics;
using System.Globalization;

namespace GradGuard.Benchmarks.AnalyzeSpeed;

/// <summary>Runs a program to its end.</summary>
internal static class ChildProcess
{
    private const int UserTimeOfChildren = 13;
    private const double TicksPerSecond = 100;

    /// <summary>What it wrote, and what processor time it and all that it waited for took, in seconds; NaN where the system does not say (only Linux does).</summary>
    /// <exception cref="InvalidOperationException">Its exit code is none of <paramref name="accepted"/>.</exception>
    public static (string Output, double ProcessorSeconds) Run(string folder, IReadOnlyList<string> arguments, params int[] accepted)
    {
        var before = ProcessorSecondsOfChildren();
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_CLI_UI_LANGUAGE"] = "en", ["DOTNET_NOLOGO"] = "1", ["MSBUILDDISABLENODEREUSE"] = "1" },
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (!accepted.Contains(process.ExitCode))
            throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} failed:{Environment.NewLine}{FirstErrorIn(output)}");
        return (output, ProcessorSecondsOfChildren() - before);
    }

    private static string FirstErrorIn(string output) =>
        output.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal), output[..Math.Min(output.Length, 1000)]);

    /// <summary>Fields 16 and 17 of proc(5)'s stat: clock ticks of children that ended, in user and in kernel mode; counted here behind the name, which may hold spaces.</summary>
    private static double ProcessorSecondsOfChildren()
    {
        if (!OperatingSystem.IsLinux())
            return double.NaN;
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields.Skip(UserTimeOfChildren).Take(2).Sum(field => double.Parse(field, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
