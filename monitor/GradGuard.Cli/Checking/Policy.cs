using System.IO.Enumeration;

namespace GradGuard.Cli.Checking;

/// <summary>What a run has to keep to.</summary>
/// <param name="FailOn">The lowest severity of alerts that fail, where no rule of <paramref name="Alerts"/> says otherwise.</param>
/// <param name="Alerts">Exceptions; the first that matches an alert decides.</param>
/// <param name="Limits">Bounds on what was measured.</param>
/// <param name="Require">What must be there for silence to mean anything.</param>
internal sealed record Policy(FailOn FailOn, IReadOnlyList<AlertRule> Alerts, Limits Limits, Requirements Require)
{
    /// <summary>Without a file: warnings and worse fail, and so does a run of no step.</summary>
    public static Policy Default { get; } = new(FailOn.Warning, [], new(), new());
}

/// <summary>The lowest severity that fails: the alerts' own, in their order, and one beyond all of them.</summary>
internal enum FailOn
{
    Info,
    Warning,
    Critical,
    None,
}

/// <summary>What to do about some alerts.</summary>
/// <param name="Id">Catalogue number; <c>*</c> and <c>?</c> are wildcards.</param>
/// <param name="Layer">Path, empty for the whole model; <c>*</c> and <c>?</c> are wildcards.</param>
/// <param name="Action">What to do.</param>
internal sealed record AlertRule(string Id, string Layer, AlertAction Action)
{
    public bool Matches(string id, string layer) => Wildcards.Match(Id, id) && Wildcards.Match(Layer, layer);
}

/// <summary>What becomes of an alert.</summary>
internal enum AlertAction
{
    /// <summary>It fails the run.</summary>
    Fail,

    /// <summary>It is told, and fails nothing.</summary>
    Report,

    /// <summary>It is left out.</summary>
    Ignore,
}

/// <summary>Bounds on what was measured at the end of a run; null where there is none.</summary>
internal sealed record Limits
{
    /// <summary>Largest share of a layer's units that are active for no sample of a batch, in each of the last steps that were read.</summary>
    public double? InactiveShare { get; init; }

    /// <summary>Largest share of a layer's outputs that lie on the flat ends of its activation; the median of the last steps that were read.</summary>
    public double? SaturatedShare { get; init; }

    /// <summary>Smallest update of a parameter over its norm; the median of the last updates that were read.</summary>
    public double? LeastUpdateRatio { get; init; }

    /// <summary>Largest update of a parameter over its norm; the median of the last updates that were read.</summary>
    public double? LargestUpdateRatio { get; init; }

    /// <summary>Largest loss; the median of the last steps.</summary>
    public double? FinalLoss { get; init; }

    /// <summary>Most steps with a loss of NaN or infinity.</summary>
    public long? NonFiniteLosses { get; init; }

    /// <summary>Patterns of layers and of parameters that bounds on them do not hold for.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];
}

/// <summary>What must be known of a run. What is asked for and cannot be told fails.</summary>
internal sealed record Requirements
{
    /// <summary>Fewest steps.</summary>
    public long Steps { get; init; } = 1;

    /// <summary>True when the run must have come to its end.</summary>
    public bool Complete { get; init; }

    /// <summary>Least share of the model's layers that must have been seen; null asks for none.</summary>
    public double? SeenLayers { get; init; }

    /// <summary>True when no code may be hidden from the monitor.</summary>
    public bool NoHiddenCode { get; init; }

    /// <summary>Patterns of alerts that must have been looked for, and of layers that must have been looked at.</summary>
    public IReadOnlyList<string> Evaluated { get; init; } = [];

    /// <summary>True when a limit that could not be judged fails.</summary>
    public bool LimitsJudged { get; init; }
}

/// <summary>Names in which <c>*</c> stands for anything and <c>?</c> for one character, as in the monitor's mutes.</summary>
internal static class Wildcards
{
    /// <summary>Whether a name, which is empty for the whole model, fits. The empty pattern fits that alone.</summary>
    public static bool Match(string pattern, string name) =>
        name.Length == 0 ? pattern.All(letter => letter == '*') : FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    public static bool MatchAny(IReadOnlyList<string> patterns, string name) => patterns.Any(pattern => Match(pattern, name));
}
