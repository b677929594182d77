using GradGuard.SampleModels.Catalogue;
using Spectre.Console;

namespace GradGuard.SampleModels.Commands;

/// <summary>Trains one sample and reports on it.</summary>
public sealed class RunCommand(IAnsiConsole console)
{
    private const int DefaultSeed = 1;

    /// <exception cref="IOException">Data files are missing, or <paramref name="output"/> cannot be a directory.</exception>
    /// <exception cref="InvalidDataException">A data file is damaged.</exception>
    public void Run(Sample sample, int? steps, int? seed, string? output, string? data)
    {
        if (File.Exists(output)) throw new IOException($"{output} is a file: --out takes a directory");
        var report = new Report(console);
        var outcome = report.Train(sample, steps ?? sample.Steps, seed ?? DefaultSeed, output ?? RunDirectories.New(sample.Name), data);
        report.Start(outcome);
        report.Close([outcome]);
    }
}
