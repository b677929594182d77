using System.CommandLine;
using GradGuard.SampleModels.Catalogue;
using Spectre.Console;

namespace GradGuard.SampleModels.Commands;

/// <summary>What may be typed, and what it does. Bad input ends in one line on <paramref name="errors"/> and exit code 2.</summary>
public sealed class CommandLine(IAnsiConsole console, TextWriter errors)
{
    private const int Success = 0;
    private const int BadInput = 2;

    /// <summary>Parses and runs; returns the exit code.</summary>
    public int Run(IReadOnlyList<string> arguments)
    {
        var parsed = Commands().Parse(arguments);
        if (parsed.Errors.Count > 0) return Refuse(parsed.Errors[0].Message);
        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = console.Profile.Out.Writer,
                Error = errors,
                EnableDefaultExceptionHandler = false,
            });
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return Refuse(error.Message);
        }
    }

    private int Refuse(string reason)
    {
        errors.WriteLine($"error: {reason.ReplaceLineEndings(" ")}");
        return BadInput;
    }

    private RootCommand Commands()
    {
        var root = new RootCommand("Broken models, their mended twins and healthy models, trained under GradGuard's monitor. Without a command: a tour.")
        {
            List(),
            RunOne(),
        };
        root.SetAction(_ => Do(new TourCommand(console).Run));
        return root;
    }

    private Command List()
    {
        var list = new Command("list", "Show every sample: what it shows, and what GradGuard says about it.");
        list.SetAction(_ => Do(new ListCommand(console).Run));
        return list;
    }

    private Command RunOne()
    {
        var name = new Argument<string>("NAME") { Description = "The sample, as `list` names it." };
        var steps = WholeNumber("--steps", 1, "Training steps. Default: what the sample needs to show its point.");
        var seed = WholeNumber("--seed", 0, "Decides weights and the order of batches. Default: 1.");
        var output = new Option<string?>("--out") { HelpName = "DIR", Description = "Where the run is written. Default: a new folder under runs/." };
        var data = new Option<string?>("--data") { HelpName = "DIR", Description = "Folder of the full Fashion-MNIST files. Default: the excerpt shipped along." };
        name.Validators.Add(result =>
        {
            if (SampleCatalogue.Find(result.Tokens[0].Value) is null)
                result.AddError($"no sample is called '{result.Tokens[0].Value}'; `list` shows them all");
        });

        var run = new Command("run", "Train one sample.") { name, steps, seed, output, data };
        run.Validators.Add(result =>
        {
            var sampleName = result.GetResult(name)?.Tokens is [var token] ? token.Value : null;
            if (sampleName is not null && SampleCatalogue.Find(sampleName) is { Task.ReadsFiles: false } && result.GetResult(data) is not null)
                result.AddError($"'{sampleName}' makes its own data: leave --data out");
        });
        run.SetAction(parsed => Do(() => new RunCommand(console).Run(
            SampleCatalogue.Find(parsed.GetRequiredValue(name))!,
            parsed.GetValue(steps), parsed.GetValue(seed), parsed.GetValue(output), parsed.GetValue(data))));
        return run;
    }

    private static Option<int?> WholeNumber(string name, int minimum, string description) => new(name)
    {
        HelpName = "N",
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, out int number) && number >= minimum) return number;
            result.AddError($"{name} takes a whole number from {minimum} up, not '{text}'");
            return null;
        },
    };

    private static int Do(Action command)
    {
        command();
        return Success;
    }
}
