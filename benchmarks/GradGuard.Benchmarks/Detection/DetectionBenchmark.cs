using System.Diagnostics;
using GradGuard.Benchmarks.Detection.Programs;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection;

/// <summary>
/// What the monitor finds in faulty programs, and what it says of healthy ones. Twins of faulty programs count as healthy programs as well.
/// </summary>
internal sealed class DetectionBenchmark(DetectionOptions options, TextWriter progress)
{
    private readonly Dictionary<(string Name, int Seed), HealthyRun> _healthy = [];

    /// <summary>Runs what the options ask for, and writes the tables.</summary>
    public void Run(TextWriter output)
    {
        set_num_threads(1);
        var clock = Stopwatch.StartNew();
        var seeds = Enumerable.Range(options.Seed, options.Seeds).ToArray();
        output.WriteLine($"seeds {seeds[0]} to {seeds[^1]}, monitor sampling {(options.SampleEvery is { } every ? $"every {every} steps" : "as by default")}, one torch thread");
        output.WriteLine();

        foreach (var program in Chosen(ProgramCatalogue.Healthy()))
        {
            foreach (var seed in seeds)
                Healthy(program, seed);
        }

        var faulty = new List<FaultyRun>();
        foreach (var program in Chosen(ProgramCatalogue.Faulty()))
        {
            foreach (var seed in seeds)
            {
                var twin = Healthy(program.Twin, seed);
                faulty.Add(new FaultyRun(program, Timed(program, seed), twin.Outcome));
            }
        }

        new DetectionTables(output, [.. _healthy.Values], faulty).Write(options.Details);
        output.WriteLine($"{_healthy.Count + faulty.Count} runs in {clock.Elapsed.TotalMinutes:F1} minutes");
    }

    private HealthyRun Healthy(TrainingProgram program, int seed)
    {
        if (!_healthy.TryGetValue((program.Name, seed), out var run))
            _healthy[(program.Name, seed)] = run = new HealthyRun(program, Timed(program, seed));
        return run;
    }

    private RunOutcome Timed(TrainingProgram program, int seed)
    {
        var outcome = program.Run(seed, options.SampleEvery);
        progress.WriteLine($"{outcome.Seconds:F1} s  {program.Name}, seed {seed}");
        return outcome;
    }

    private IEnumerable<T> Chosen<T>(IEnumerable<T> programs)
        where T : TrainingProgram
        => programs
            .Where(program => (options.Set ?? program.Set) == program.Set && program.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase))
            .GroupBy(static program => program.Set)
            .SelectMany(set => Spread([.. set]));

    private IEnumerable<T> Spread<T>(IReadOnlyList<T> programs)
    {
        var count = Math.Min(options.Limit, programs.Count);
        for (var index = 0; index < count; index++)
            yield return programs[(int)((long)index * programs.Count / count)];
    }
}
