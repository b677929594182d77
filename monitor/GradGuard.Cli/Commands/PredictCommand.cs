using System.CommandLine;
using GradGuard.Cli.Formats;
using GradGuard.Cli.Formats.Predictions;
using GradGuard.Cli.Input;
using GradGuard.Cli.Prediction;
using Spectre.Console;

namespace GradGuard.Cli.Commands;

/// <summary>Shows what becomes of activations and gradients at the start of training, layer by layer, without running anything.</summary>
internal sealed class PredictCommand(IAnsiConsole console, TextWriter errors, string workingDirectory)
{
    private readonly TargetOptions _target = new();

    private readonly Option<PredictionFormat> _format = new("--format") { HelpName = "text|json|html", Description = "How tables are written. Default: text." };

    private readonly Option<string?> _output = TargetOptions.OutputFile();

    private readonly Option<string[]> _models = TargetOptions.Several("--model", "NAME", "Only this class, or this Type.Method; several times.");

    public Command Create()
    {
        var command = new Command("predict", "Predict activations and gradients at the start of training, layer by layer, from the sources alone.") { _format, _output, _models };
        _target.AddTo(command);
        command.SetAction(RunAsync);
        return command.WithExamples(
            ("gradguard predict src", "every model in a folder"),
            ("gradguard predict Model.cs --model Net", "one of them"),
            ("gradguard predict src --format html --output prediction.html", "a page to pass on"));
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var output = parsed.GetValue(_output) is { } file ? Path.GetFullPath(file, workingDirectory) : null;
        if (output is not null)
            OwnOutput.RefuseOthers(output);
        var progress = new ProgressLine(errors);
        var target = await _target.LoadAsync(parsed, workingDirectory, progress, cancellation);
        var predictions = new SourcePrediction(workingDirectory).Run(target, progress, cancellation);
        progress.Clear();
        var wanted = parsed.GetValue(_models)!;
        if (wanted.FirstOrDefault(name => predictions.All(prediction => prediction.Model != name)) is { } unknown)
            throw new InputException($"--model {unknown}: the sources hold no model of that name");

        var shown = predictions.Where(prediction => wanted.Length == 0 || wanted.Contains(prediction.Model)).ToList();
        var format = FormatOf(parsed.GetValue(_format));
        if (output is null)
        {
            format.Write(shown, console.Profile.Out.Writer);
            return ExitCode.Clean;
        }

        var text = new StringWriter();
        format.Write(shown, text);
        OwnOutput.Write(output, text.ToString());
        return ExitCode.Clean;
    }

    private static IPredictionFormat FormatOf(PredictionFormat format) => format switch
    {
        PredictionFormat.Json => new PredictionJson(),
        PredictionFormat.Html => new PredictionHtml(),
        _ => new PredictionText(),
    };
}
