using GradGuard.Analyzers;

namespace GradGuard.Benchmarks.AnalyzeSpeed;

/// <summary>An analyzer that a build runs.</summary>
/// <param name="Name">As its package is called.</param>
/// <param name="ProjectItem">What the project file says to have it.</param>
internal sealed record MeasuredAnalyzer(string Name, string ProjectItem)
{
    /// <summary>A build without any: what the others are beyond.</summary>
    public static MeasuredAnalyzer None { get; } = new("none", "");

    /// <summary>The one that the goal is set by.</summary>
    public static MeasuredAnalyzer Meziantou { get; } = Package("Meziantou.Analyzer", "3.0.321");

    public static MeasuredAnalyzer GradGuard { get; } = new("GradGuard.Analyzers", $"""<Analyzer Include="{typeof(GradGuardAnalyzer).Assembly.Location}" />""");

    public static IReadOnlyList<MeasuredAnalyzer> All { get; } =
        [None, GradGuard, Meziantou, Package("SonarAnalyzer.CSharp", "10.36.0.15337"), Package("Roslynator.Analyzers", "5.0.1")];

    private static MeasuredAnalyzer Package(string name, string version) =>
        new($"{name} {version}", $"""<PackageReference Include="{name}" Version="{version}" PrivateAssets="all" />""");
}
