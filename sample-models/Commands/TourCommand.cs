using GradGuard.SampleModels.Catalogue;
using GradGuard.SampleModels.Training;
using Spectre.Console;

namespace GradGuard.SampleModels.Commands;

/// <summary>Trains a few broken models and their twins, one after the other.</summary>
public sealed class TourCommand(IAnsiConsole console)
{
    private const int Seed = 1;

    public void Run()
    {
        var report = new Report(console);
        var directory = RunDirectories.New("tour");
        console.WriteLine("Broken models and their mended twins, on real images (an excerpt of Fashion-MNIST).");
        var outcomes = new List<SampleOutcome>();
        foreach (var sample in SampleCatalogue.Tour)
            outcomes.Add(report.Train(sample, sample.Steps, Seed, Path.Combine(directory, sample.Name), data: null));
        report.Close(outcomes);
    }
}
