using GradGuard.SampleModels.Catalogue;
using Spectre.Console;

namespace GradGuard.SampleModels.Commands;

/// <summary>Shows every sample with what the build and the run say about it.</summary>
public sealed class ListCommand(IAnsiConsole console)
{
    public void Run()
    {
        var table = new Table().SimpleBorder();
        foreach (var heading in (string[])["Name", "Kind", "Shows", "Build", "Run"]) table.AddColumn(heading);
        foreach (var sample in SampleCatalogue.All)
        {
            table.AddRow(new[]
            {
                sample.Name,
                sample.Kind.ToString().ToLowerInvariant(),
                sample.Shows,
                string.Join(' ', sample.AtCompileTime),
                sample.Expected is { } alert ? $"{alert.Id} at {(alert.Layer.Length == 0 ? "model" : alert.Layer)}" : "",
            }.Select(Markup.Escape).ToArray());
        }

        console.Write(table);
    }
}
