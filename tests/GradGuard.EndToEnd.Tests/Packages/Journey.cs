namespace GradGuard.EndToEnd.Tests.Packages;

/// <summary>
/// The way of a newcomer from a broken model to a finished run, each step once and on what the one before has left: see
/// <see cref="JourneyTests"/>.
/// </summary>
public sealed class Journey(PackedPackages packages) : IAsyncLifetime
{
    private readonly Consumer _consumer = new(packages);

    internal ProcessResult FirstBuild { get; private set; } = null!;

    internal ProcessResult GatedBuild { get; private set; } = null!;

    internal ProcessResult Installation { get; private set; } = null!;

    internal ProcessResult FirstAnalysis { get; private set; } = null!;

    internal ProcessResult Fix { get; private set; } = null!;

    internal ProcessResult BuildOnceFixed { get; private set; } = null!;

    internal ProcessResult Training { get; private set; } = null!;

    internal ProcessResult AnalysisOnceFixed { get; private set; } = null!;

    internal ProcessResult Check { get; private set; } = null!;

    /// <summary>Files of the run.</summary>
    internal IReadOnlyList<string> RunFiles { get; private set; } = [];

    /// <summary>The model's source at the end.</summary>
    internal string Source { get; private set; } = "";

    /// <summary>The packages that were taken from the packed files.</summary>
    internal IReadOnlyList<string> TakenFromTheFeed { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        _consumer.Copy("Trainer");
        FirstBuild = await BuildAsync();
        TakenFromTheFeed = [.. Directory.GetDirectories(_consumer.Path("packages")).Select(folder => Path.GetFileName(folder)!)];

        // From here on, as in a repository that decided so.
        _consumer.Write(
            Path.Combine("Trainer", "Directory.Build.props"),
            "<Project><PropertyGroup><GradGuardFailOn>warning</GradGuardFailOn></PropertyGroup></Project>");
        GatedBuild = await BuildAsync("--no-restore");

        Installation = await _consumer.DotnetAsync("tool", "install", "GradGuard.Cli", "--version", "0.1.0", "--tool-path", "tool");
        FirstAnalysis = await GradGuardAsync("analyze", "Trainer");

        Fix = await _consumer.DotnetAsync(
            "format", "analyzers", "Trainer", "--no-restore", "--diagnostics", "GG1002", "GG5001");
        Source = await File.ReadAllTextAsync(_consumer.Path("Trainer", "Net.cs"));
        BuildOnceFixed = await BuildAsync("--no-restore");
        AnalysisOnceFixed = await GradGuardAsync("analyze", "Trainer");

        Training = await _consumer.DotnetAsync("run", "--project", "Trainer", "--no-build", "--", "run");
        Check = await GradGuardAsync("check", "run", "--source", "Trainer");
        RunFiles = [.. Directory.GetFiles(_consumer.Path("run")).Select(file => Path.GetFileName(file))];
    }

    public ValueTask DisposeAsync()
    {
        _consumer.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<ProcessResult> BuildAsync(params string[] arguments) =>
        _consumer.DotnetAsync(["build", "Trainer", "--nologo", "-clp:NoSummary", .. arguments]);

    private Task<ProcessResult> GradGuardAsync(params string[] arguments) => _consumer.RunAsync(_consumer.Path("tool", "gradguard"), arguments);
}
