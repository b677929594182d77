using System.Globalization;
using GradGuard.Monitor;
using GradGuard.SampleModels.Catalogue;
using GradGuard.SampleModels.Training;
using Spectre.Console;

namespace GradGuard.SampleModels.Commands;

/// <summary>Tells a run as it goes, and what it came to.</summary>
internal sealed class Report(IAnsiConsole console)
{
    private const int ProgressLines = 3;

    /// <summary>Trains a sample; writes a heading, progress, and each alert with its advice on one line.</summary>
    public SampleOutcome Train(Sample sample, int steps, int seed, string directory, string? data)
    {
        console.WriteLine();
        console.MarkupLine($"[bold]{Markup.Escape(sample.Name)}[/]: {Markup.Escape(sample.Shows)}");
        int every = Math.Max(1, (steps + ProgressLines - 1) / ProgressLines);
        return new SampleRun(sample)
        {
            Steps = steps,
            Seed = seed,
            DataDirectory = data,
            RunDirectory = directory,
            AlertRaised = Show,
            Progress = (step, loss) =>
            {
                if ((step + 1) % every == 0 || step + 1 == steps)
                    console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  step {step + 1} of {steps}, loss {loss:G3}"));
            },
        }.Train();
    }

    /// <summary>Writes how each layer of a run started, beside what the build predicted.</summary>
    public void Start(SampleOutcome outcome)
    {
        if (outcome.Preflight is not { } preflight) return;
        console.WriteLine();
        console.WriteLine("The start:");
        foreach (var line in preflight.ToString().ReplaceLineEndings("\n").Split('\n'))
            console.WriteLine("  " + line);
    }

    /// <summary>Writes the closing table and where the runs lie.</summary>
    public void Close(IReadOnlyList<SampleOutcome> outcomes)
    {
        var table = new Table().SimpleBorder();
        foreach (var heading in (string[])["Model", "Alerts", "Test loss", "Test accuracy", "Monitor's cost"]) table.AddColumn(heading);
        foreach (var outcome in outcomes)
            table.AddRow(Cells(outcome).Select(Markup.Escape).ToArray());
        console.WriteLine();
        console.Write(table);
        foreach (var outcome in outcomes)
            if (outcome.RunDirectory is { } directory)
                console.WriteLine($"Run: {directory}");
    }

    private static string[] Cells(SampleOutcome outcome) =>
    [
        outcome.Sample.Name,
        outcome.Alerts.Count == 0 ? "none" : string.Join(", ", outcome.Alerts.GroupBy(alert => alert.Id).Select(Count)),
        outcome.Loss.ToString("G3", CultureInfo.InvariantCulture),
        outcome.Accuracy.ToString("P0", CultureInfo.InvariantCulture),
        double.IsNaN(outcome.Monitoring.Overhead) ? "not measured" : outcome.Monitoring.Overhead.ToString("P1", CultureInfo.InvariantCulture),
    ];

    private static string Count(IGrouping<string, Alert> alerts) => alerts.Count() == 1 ? alerts.Key : $"{alerts.Key} × {alerts.Count()}";

    private void Show(Alert alert)
    {
        var colour = alert.Severity switch
        {
            AlertSeverity.Critical => "red",
            AlertSeverity.Warning => "yellow",
            _ => "grey",
        };
        console.MarkupLine($"  [{colour}]{Markup.Escape(alert.ToString())}[/] {Markup.Escape(alert.Advice)}");
    }
}
