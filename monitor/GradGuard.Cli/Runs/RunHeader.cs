using System.Text.Json.Serialization;

namespace GradGuard.Cli.Runs;

/// <summary><c>run.json</c>: what was trained and watched, written once at the start.</summary>
/// <param name="Schema">Version of the documents' shape.</param>
/// <param name="Started">When the monitor was attached.</param>
/// <param name="Model">Full CLR name of the model's type.</param>
/// <param name="Layers">Every module, the model itself included.</param>
/// <param name="Activations">Calls of activation functions in the model's classes; empty in a build without instrumentation.</param>
/// <param name="Settings">The monitor's options.</param>
/// <param name="Versions">The versions behind the figures.</param>
internal sealed record RunHeader(
    int Schema, DateTimeOffset Started, string Model, IReadOnlyList<RunLayer> Layers, IReadOnlyList<RunCallSite> Activations, RunSettings Settings,
    RunVersions Versions) : IVersionedDocument
{
    [JsonIgnore]
    public string? Fault => Layers.Contains(null!) ? "'layers' holds null"
        : Activations.Contains(null!) ? "'activations' holds null"
        : Settings.Mutes.Contains(null!) ? "'settings.mutes' holds null"
        : null;

    /// <summary>The line that created a layer, or that calls an activation function which stands as a layer; null where the run does not tell.</summary>
    /// <param name="layer">Path as alerts and records have it: <c>encoder.fc1</c>, <c>encoder.forward:relu@42</c>.</param>
    public SourceLine? SourceOf(string layer)
    {
        if (Layers.FirstOrDefault(known => known.Path == layer) is { } module)
            return module is { File: { } file, Line: { } line } ? new(file, line) : null;
        var calls = Activations.Where(call => layer == call.Name || layer.EndsWith("." + call.Name, StringComparison.Ordinal)).ToList();
        if (calls.Count == 0)
            calls = [.. Activations.Where(call => LocalName(call.Name) == LocalName(layer))];
        var places = calls.Select(call => new SourceLine(call.File, call.Line)).Distinct().Take(2).ToList();
        return places is [var only] ? only : null;
    }

    /// <summary>The layer that owns a parameter: the longest path that starts its name.</summary>
    /// <param name="parameter">Name as in <c>named_parameters()</c>.</param>
    public string LayerOf(string parameter) => Layers
        .Select(layer => layer.Path)
        .Where(path => path.Length == 0 || (parameter.Length > path.Length && parameter[path.Length] == '.' && parameter.StartsWith(path, StringComparison.Ordinal)))
        .MaxBy(path => path.Length) ?? "";

    /// <summary>Within its type: <c>forward:relu@42</c> of <c>MyModel.forward:relu@42</c>.</summary>
    private static string LocalName(string name)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? name : name[(name.LastIndexOf('.', colon) + 1)..];
    }
}

/// <summary>A module of the model.</summary>
/// <param name="Path">As in <c>named_modules()</c>; empty for the model itself.</param>
/// <param name="Type">Full CLR name.</param>
/// <param name="FanIn">Inputs summed by each unit; null where that is not known.</param>
/// <param name="Units">Units it makes; null where that is not known.</param>
/// <param name="File">Path, within the project, of the code that created it; null in a build without instrumentation.</param>
/// <param name="Line">Line of that code, counted from 1.</param>
internal sealed record RunLayer(string Path, string Type, long? FanIn = null, long? Units = null, string? File = null, int? Line = null);

/// <summary>A call of an activation function in the model's classes.</summary>
/// <param name="Name">Type, member, function and line: <c>MyModel.forward:relu@42</c>.</param>
/// <param name="File">Path within the project.</param>
/// <param name="Line">Counted from 1.</param>
internal sealed record RunCallSite(string Name, string File, int Line);

/// <summary>A line of the program that was trained.</summary>
/// <param name="File">Path within its project.</param>
/// <param name="Line">Counted from 1.</param>
internal sealed record SourceLine(string File, int Line);

/// <summary>The monitor's options.</summary>
/// <param name="OverheadBudget">Share of the step time that monitoring might cost.</param>
/// <param name="OnAlert">What was done about an alert: <c>Continue</c>, <c>Stop</c> or <c>Throw</c>.</param>
/// <param name="AlertCooldown">Steps a fault must have been gone before its return was told again.</param>
/// <param name="EscalateAfter">Steps after which an Info that lasted became a Warning.</param>
/// <param name="Mutes">Findings that were not to be told.</param>
/// <param name="Thresholds">Where the detectors drew their lines, by the option's name.</param>
/// <param name="SampleEvery">Fixed sampling interval in steps; null where the budget chose.</param>
internal sealed record RunSettings(
    double OverheadBudget, string OnAlert, long AlertCooldown, long EscalateAfter, IReadOnlyList<RunMute> Mutes,
    IReadOnlyDictionary<string, double> Thresholds, int? SampleEvery = null);

/// <summary>Alerts that were not to be told; <c>*</c> and <c>?</c> are wildcards in both.</summary>
internal sealed record RunMute(string Id, string Layer);

/// <summary>The versions behind a run's figures.</summary>
internal sealed record RunVersions(string GradGuard, string TorchSharp, string Runtime);
