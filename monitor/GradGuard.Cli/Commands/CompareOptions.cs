using System.CommandLine;
using System.Globalization;
using GradGuard.Cli.Comparison;
using GradGuard.Cli.Formats.Comparisons;
using GradGuard.Cli.Input;

namespace GradGuard.Cli.Commands;

/// <summary>What <c>compare</c> takes.</summary>
internal sealed class CompareOptions
{
    private static readonly Limits Defaults = new();

    public Argument<string> Base { get; } = new("BASE") { Description = "The directory of the run that was sound, or a folder of such runs that differ by seed alone." };

    public Argument<string> Run { get; } = new("RUN") { Description = "The directory of the run that may be worse." };

    public Option<string[]> MoreBases { get; } = TargetOptions.Several("--base", "DIR", "Another base, so that the spread between seeds is known; several times.");

    public Option<ComparisonFormat> Format { get; } = new("--format") { HelpName = "text|json|github", Description = "How the comparison is written. Default: text." };

    public Option<string?> Output { get; } = new("--output") { HelpName = "FILE", Description = "Write to this file; one that is not a comparison is left alone." };

    public Option<string?> Steps { get; } = new("--steps") { HelpName = "FROM..TO", Description = "Only these steps: 100..500, 100.. or ..500. Default: all that both have." };

    private readonly Option<double> _alpha = Share("--alpha", Defaults.Alpha, "False alarms accepted among the changes that are called.");

    private readonly Option<double> _factor = Factor("--min-factor", Defaults.Factor, "Least change of norms, ratios and spreads.");

    private readonly Option<double> _share = Share("--min-share", Defaults.Share, "Least growth of dead, saturated and non-finite shares.");

    private readonly Option<double> _loss = Factor("--min-loss", Defaults.LossFactor, "Least growth of the loss.");

    public Command Command(string name, string description) =>
        new(name, description) { Base, Run, MoreBases, Format, Output, Steps, _alpha, _factor, _share, _loss };

    /// <summary>What matters, as it was asked for.</summary>
    public Limits LimitsOf(ParseResult parsed) => new()
    {
        Alpha = parsed.GetValue(_alpha),
        Factor = parsed.GetValue(_factor),
        Share = parsed.GetValue(_share),
        LossFactor = parsed.GetValue(_loss),
    };

    /// <summary>The steps that were asked for.</summary>
    /// <exception cref="InputException">They are none.</exception>
    public StepRange StepsOf(ParseResult parsed)
    {
        if (parsed.GetValue(Steps) is not { } text)
            return new(0, long.MaxValue);
        var ends = text.Split("..");
        return ends.Length == 2 && Step(ends[0], 0) is { } first && Step(ends[1], long.MaxValue) is { } last && first <= last && text != ".."
            ? new(first, last)
            : throw new InputException($"--steps {text}: it is no range of steps, such as 100..500, 100.. or ..500");
    }

    private static long? Step(string text, long otherwise) =>
        text.Length == 0 ? otherwise : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;

    private static Option<double> Share(string name, double otherwise, string description) =>
        Number(name, "SHARE", otherwise, description, "between 0 and 1", value => value is > 0 and < 1);

    private static Option<double> Factor(string name, double otherwise, string description) =>
        Number(name, "FACTOR", otherwise, description, "above 1", value => value > 1 && double.IsFinite(value));

    private static Option<double> Number(string name, string helpName, double otherwise, string description, string range, Predicate<double> isGood) => new(name)
    {
        HelpName = helpName,
        Description = description,
        DefaultValueFactory = _ => otherwise,
        CustomParser = result =>
        {
            var isNumber = double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
            if (!isNumber || !isGood(number))
                result.AddError($"{name} {result.Tokens[0].Value}: it is no number {range}");
            return number;
        },
    };
}
