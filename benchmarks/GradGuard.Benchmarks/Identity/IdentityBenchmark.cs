using System.Runtime.InteropServices;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.StepTime;
using GradGuard.Monitor;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Identity;

/// <summary>
/// Whether training ends at the same bits with the monitor and without it, on every program of the detection benchmark and every model of
/// the step-time benchmark: not watched, watched by default, and read on every step.
/// </summary>
internal static class IdentityBenchmark
{
    private const int Seed = 11;

    /// <summary>Compares, and writes a Markdown table.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="progress">Told of each difference as it is found.</param>
    /// <param name="steps">Steps of each run; the first ten are read by default as well.</param>
    /// <returns>True when no bit differs.</returns>
    public static bool Run(TextWriter output, TextWriter progress, int steps)
    {
        set_num_threads(1);
        output.WriteLine(FormattableString.Invariant($"{steps} steps each, seed {Seed}, one torch thread"));
        output.WriteLine();
        output.WriteLine("| programs | | parameters | differ by default | differ read on every step |");
        output.WriteLine("|---|---:|---:|---:|---:|");
        var isSame = true;
        foreach (var (kind, programs) in Programs(steps))
        {
            var (count, parameters, byDefault, everyStep) = (0, 0L, 0, 0);
            foreach (var (name, train) in programs)
            {
                var off = train(null);
                byDefault += Differs(name, off, train(new GradientMonitorOptions()), "by default");
                everyStep += Differs(name, off, train(new GradientMonitorOptions { SampleEvery = 1 }), "read on every step");
                count++;
                parameters += off.Length;
            }

            output.WriteLine(FormattableString.Invariant($"| {kind} | {count} | {parameters:N0} | {byDefault} | {everyStep} |"));
            isSame &= byDefault + everyStep == 0;
        }

        return isSame;

        int Differs(string name, float[] off, float[] on, string how)
        {
            if (MemoryMarshal.AsBytes<float>(off).SequenceEqual(MemoryMarshal.AsBytes<float>(on)))
                return 0;
            progress.WriteLine($"{name}: other parameters, watched {how}");
            return 1;
        }
    }

    private static IEnumerable<(string Kind, IEnumerable<(string Name, Func<GradientMonitorOptions?, float[]> Train)> Programs)> Programs(int steps)
    {
        yield return ("healthy", Detection(ProgramCatalogue.Healthy(), steps));
        yield return ("with a fault", Detection(ProgramCatalogue.Faulty(), steps));
        yield return ("of the step-time benchmark", Workload.All.Select(workload
            => (workload.Name, (Func<GradientMonitorOptions?, float[]>)(watched => Trainee.Parameters(workload, watched, steps)))));
    }

    private static IEnumerable<(string Name, Func<GradientMonitorOptions?, float[]> Train)> Detection(IEnumerable<TrainingProgram> programs, int steps)
        => programs.Select(program => (program.Name, (Func<GradientMonitorOptions?, float[]>)(watched => program.Train(Seed, steps, watched))));
}
