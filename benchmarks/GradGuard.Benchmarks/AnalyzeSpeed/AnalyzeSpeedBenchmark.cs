using System.Globalization;
using System.Reflection;

namespace GradGuard.Benchmarks.AnalyzeSpeed;

/// <summary>
/// What analysis of a large project takes, beside other analyzers on the same code. Goal: at most a quarter of Meziantou.Analyzer's time in the build, in
/// processor time beyond a build without analyzers. The compiler's own count is shown beside it: that one runs on while other programs have the
/// processor, and puts what the compiler does when a method's operations are first asked for on the analyzer that asks first.
/// </summary>
internal static class AnalyzeSpeedBenchmark
{
    private const double Goal = 0.25;

    /// <summary>Measures, and writes a Markdown table; false where the goal is missed.</summary>
    public static bool Run(AnalyzeSpeedOptions options, TextWriter output, TextWriter progress)
    {
        using var project = new MeasuredProject(Texts(options));
        output.WriteLine(
            $"{project.Files} files, {project.Lines} lines{Share(options)}, {(options.Sources is null ? $"generated (seed {options.Seed})" : "copied")}; the fastest of {options.Rounds}");
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
        var plain = best[MeasuredAnalyzer.None].ProcessorSeconds;
        return best[MeasuredAnalyzer.GradGuard].ProcessorSeconds - plain <= Goal * (best[MeasuredAnalyzer.Meziantou].ProcessorSeconds - plain);
    }

    private static IEnumerable<string> Texts(AnalyzeSpeedOptions options)
    {
        var files = options.Ordinary is null ? options.Files : (int)Math.Round(options.Files * options.TorchShare);
        var torch = options.Sources is { } folder ? CopiedSources.Create(folder, files, "Torch") : GeneratedSources.Create(files, options.Seed);
        return options.Ordinary is { } ordinary ? torch.Concat(CopiedSources.Create(ordinary, options.Files - files, "Ordinary")) : torch;
    }

    private static string Share(AnalyzeSpeedOptions options) =>
        options.Ordinary is null ? "" : string.Create(CultureInfo.InvariantCulture, $"; {options.TorchShare:P0} of the files use TorchSharp");

    private static string CommandPath => typeof(AnalyzeSpeedBenchmark).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "GradGuardCommand").Value!;

    private static BuildTime Fastest(List<BuildTime> times) => new(times.Min(time => time.AnalyzerSeconds), times.Min(time => time.ProcessorSeconds));

    private static void WriteBuilds(TextWriter output, Dictionary<MeasuredAnalyzer, BuildTime> best)
    {
        var plain = best[MeasuredAnalyzer.None].ProcessorSeconds;
        var goal = best[MeasuredAnalyzer.Meziantou].ProcessorSeconds - plain;
        output.WriteLine();
        output.WriteLine("| analyzer in the build | processor time beyond a build without | of Meziantou's | the compiler's count |");
        output.WriteLine("|---|---:|---:|---:|");
        foreach (var (analyzer, time) in best.Where(entry => entry.Key != MeasuredAnalyzer.None))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {analyzer.Name} | {time.ProcessorSeconds - plain:F1} s | {(time.ProcessorSeconds - plain) / goal:F2} | {time.AnalyzerSeconds:F1} s |"));
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
