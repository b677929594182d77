using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GradGuard.Benchmarks.AnalyzeSpeed;

/// <summary>A folder of sources that is built with one analyzer after the other, and read by the command; gone when disposed.</summary>
internal sealed partial class MeasuredProject : IDisposable
{
    private static readonly string[] Implicit =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    /// <summary>What Meziantou.Analyzer calls an error ends a build before the program is written; as a warning it takes the analyzer as long.</summary>
    private const string Settings =
        """
        root = true
        [*.cs]
        dotnet_diagnostic.MA0037.severity = warning
        dotnet_diagnostic.MA0039.severity = warning
        dotnet_diagnostic.MA0049.severity = warning
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("gradguard-analyze-speed-").FullName;

    /// <summary>Writes the sources.</summary>
    public MeasuredProject(IEnumerable<string> sources)
    {
        Directory.CreateDirectory(Sources);
        File.WriteAllText(Path.Combine(_folder, ".editorconfig"), Settings);
        foreach (var text in sources)
        {
            File.WriteAllText(Path.Combine(Sources, $"File{Files++:D5}.cs"), text);
            Lines += text.Count(character => character == '\n');
        }

        foreach (var analyzer in MeasuredAnalyzer.All)
            File.WriteAllText(ProjectFile(analyzer), ProjectText(analyzer));
    }

    public int Files { get; }

    public int Lines { get; }

    private string Sources => Path.Combine(_folder, "sources");

    /// <summary>The namespaces that a project of the SDK's has without saying so.</summary>
    public static SyntaxTree ImplicitUsings(CSharpParseOptions options) =>
        CSharpSyntaxTree.ParseText(string.Concat(Implicit.Select(name => $"global using {name};\n")), options);

    /// <summary>Gets the packages that a build with this analyzer needs.</summary>
    public void Restore(MeasuredAnalyzer analyzer) => ChildProcess.Run(_folder, ["restore", ProjectFile(analyzer), "-v:q"], 0);

    /// <summary>
    /// Compiles everything in a compiler of its own. The analyzer's seconds are the compiler's own count (<c>ReportAnalyzer</c>), added up over threads.
    /// </summary>
    public BuildTime Build(MeasuredAnalyzer analyzer)
    {
        var (output, processor) = ChildProcess.Run(
            _folder,
            ["build", ProjectFile(analyzer), "--no-restore", "--no-incremental", "-v:detailed", "-p:ReportAnalyzer=true", "-p:UseSharedCompilation=false"],
            0);
        return new(TotalTime().Match(output) is { Success: true } total ? double.Parse(total.Groups[1].Value, CultureInfo.InvariantCulture) : 0, processor);
    }

    /// <summary>Runs <c>gradguard analyze</c> over the sources as a plain folder.</summary>
    /// <param name="command">Full path of <c>gradguard.dll</c>.</param>
    public CommandTime Analyze(string command)
    {
        var (output, processor) = ChildProcess.Run(_folder, [command, "analyze", Sources, "--format", "json"], 0, 1);
        using var result = JsonDocument.Parse(output);
        var (summary, process) = (result.RootElement.GetProperty("summary"), result.RootElement.GetProperty("process"));
        return new(
            summary.GetProperty("warnings").GetInt32() + summary.GetProperty("infos").GetInt32(),
            summary.GetProperty("seconds").GetDouble(), processor, process.GetProperty("peakMemoryMiB").GetDouble());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Each analyzer has a project of its own, so that none restores for another.</summary>
    private string ProjectFile(MeasuredAnalyzer analyzer)
    {
        var folder = Path.Combine(_folder, analyzer.Name.Replace(' ', '-'));
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, "Measured.csproj");
    }

    private static string ProjectText(MeasuredAnalyzer analyzer) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
            <!-- Sources are chosen by whether they compile, without any symbol: with others another part of them would be compiled. -->
            <DefineConstants></DefineConstants>
            <DisableImplicitFrameworkDefines>true</DisableImplicitFrameworkDefines>
            <EnableDefaultCompileItems>false</EnableDefaultCompileItems>
            <EnableNETAnalyzers>false</EnableNETAnalyzers>
          </PropertyGroup>
          <ItemGroup>
            <Compile Include="../sources/*.cs" />
            <PackageReference Include="TorchSharp" Version="{typeof(TorchSharp.torch).Assembly.GetName().Version!.ToString(3)}" />
            {analyzer.ProjectItem}
          </ItemGroup>
        </Project>
        """;

    [GeneratedRegex(@"Total analyzer execution time: ([\d.]+) seconds")]
    private static partial Regex TotalTime();
}

/// <summary>Seconds that analyzers took in a build, and the processor seconds of the whole build.</summary>
internal readonly record struct BuildTime(double AnalyzerSeconds, double ProcessorSeconds);

/// <summary>What one run of the command found and took.</summary>
internal readonly record struct CommandTime(int Findings, double WallSeconds, double ProcessorSeconds, double PeakMemoryMiB);
