using System.Globalization;
using System.Reflection;

namespace GradGuard.Benchmarks.AnalyzeSpeed;

/// <summary>
/// What analysis of a large project takes, beside other analyzers on the same code. Goal: at most a quarter of Meziantou.Analyzer's time in the build.
/// </summary>
internal static class AnalyzeSpeedBenchmark
{
    private const double Goal = 0.25;

    /// <summary>Measures, and writes a Markdown table; false where the goal is missed.</summary>
    public static bool Run(AnalyzeSpeedOptions options, TextWriter output, TextWriter progress)
    {
        var texts = options.Sources is { } folder ? CopiedSources.Create(folder, options.Files) : GeneratedSources.Create(options.Files, options.Seed);
        using var project = new MeasuredProject(texts);
        output.WriteLine($"{project.Files} files, {project.Lines} lines, {(options.Sources is null ? $"generated (seed {options.Seed})" : "copied")}; the fastest of {options.Rounds}");
        foreach (var analyzer in MeasuredAnalyzer.All)
            project.Restore(analyzer);

        var builds = MeasuredAnalyzer.All.ToDictionary(analyzer => analyzer, _ => new List<BuildTime>());
        var commands = new List<CommandTime>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            // In turns, so that a busy machine slows all of them down alike.
            foreach (var analyzer in MeasuredAnalyzer.All)
            {
                progress.WriteLine($"round {round}: build with {analyzer.Name}");
                builds[analyzer].Add(project.Build(analyzer));
            }

            progress.WriteLine($"round {round}: gradguard analyze");
            commands.Add(project.Analyze(CommandPath));
        }

        var best = builds.ToDictionary(build => build.Key, build => Fastest(build.Value));
        WriteBuilds(output, best);
        Write(output, commands);
        return best[MeasuredAnalyzer.GradGuard].AnalyzerSeconds <= Goal * best[MeasuredAnalyzer.Meziantou].AnalyzerSeconds;
    }

    private static string CommandPath => typeof(AnalyzeSpeedBenchmark).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "GradGuardCommand").Value!;

    private static BuildTime Fastest(List<BuildTime> times) => new(times.Min(time => time.AnalyzerSeconds), times.Min(time => time.ProcessorSeconds));

    private static void WriteBuilds(TextWriter output, Dictionary<MeasuredAnalyzer, BuildTime> best)
    {
        var (plain, goal) = (best[MeasuredAnalyzer.None].ProcessorSeconds, best[MeasuredAnalyzer.Meziantou]);
        output.WriteLine();
        output.WriteLine("| analyzer in the build | analyzer time | of Meziantou's | processor time beyond a build without |");
        output.WriteLine("|---|---:|---:|---:|");
        foreach (var (analyzer, time) in best.Where(entry => entry.Key != MeasuredAnalyzer.None))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {analyzer.Name} | {time.AnalyzerSeconds:F1} s | {time.AnalyzerSeconds / goal.AnalyzerSeconds:F2} | {time.ProcessorSeconds - plain:F1} s |"));
        }
    }

    private static void Write(TextWriter output, List<CommandTime> times)
    {
        output.WriteLine();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"gradguard analyze: {times.Min(time => time.WallSeconds):F1} s, {times.Min(time => time.ProcessorSeconds):F1} s of processor time, "
            + $"{times.Max(time => time.PeakMemoryMiB):F0} MiB at the most, {times[0].Findings} findings"));
    }
}
