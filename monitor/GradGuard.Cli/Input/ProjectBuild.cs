using System.Text.Json;

namespace GradGuard.Cli.Input;

/// <summary>How the build would compile one project.</summary>
/// <param name="Path">Full path of the project file.</param>
/// <param name="CompilerArguments">What the C# compiler would be given.</param>
/// <param name="References">Full paths of the projects that it compiles against.</param>
internal sealed record ProjectBuild(string Path, IReadOnlyList<string> CompilerArguments, IReadOnlyList<string> References)
{
    /// <summary>Compiles up to the compiler itself, which is asked for its arguments instead of being run.</summary>
    private static readonly string[] DesignTimeBuild =
    [
        "-target:Compile;CoreCompile", "-property:DesignTimeBuild=true", "-property:ProvideCommandLineArgs=true", "-property:SkipCompilerExecution=true",
        "-property:BuildProjectReferences=false", "-property:TreatWarningsAsErrors=false", "-getItem:CscCommandLineArgs", "-getItem:ProjectReference",
    ];

    /// <summary>Asks the build, which restores packages where that has not been done.</summary>
    /// <exception cref="InputException">The project cannot be evaluated or restored, or is not compiled by the C# compiler.</exception>
    public static async Task<ProjectBuild> ReadAsync(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
            throw new InputException($"{path}: there is no such project");
        var folder = System.IO.Path.GetDirectoryName(path)!;
        var framework = await TargetFrameworkAsync(path, folder, cancellation);
        string[] arguments = ["msbuild", path, "-restore", .. DesignTimeBuild, .. framework];
        using var answer = JsonDocument.Parse(await DotnetCommand.RunAsync(folder, arguments, cancellation));
        var items = answer.RootElement.GetProperty("Items");
        var compiler = items.GetProperty("CscCommandLineArgs").EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!).ToList();
        if (compiler.Count == 0)
            throw new InputException($"{path}: it is not built by the C# compiler");
        var references = items.GetProperty("ProjectReference").EnumerateArray().Where(IsCompiledAgainst)
            .Select(item => System.IO.Path.GetFullPath(item.GetProperty("Identity").GetString()!.Replace('\\', System.IO.Path.DirectorySeparatorChar), folder));
        return new(path, compiler, [.. references.Distinct()]);
    }

    /// <summary>Of several target frameworks, the first; nothing where the project has only one.</summary>
    private static async Task<string[]> TargetFrameworkAsync(string path, string folder, CancellationToken cancellation)
    {
        var frameworks = await DotnetCommand.RunAsync(folder, ["msbuild", path, "-getProperty:TargetFrameworks"], cancellation);
        var first = frameworks.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return first is null ? [] : [$"-property:TargetFramework={first}"];
    }

    private static bool IsCompiledAgainst(JsonElement reference) =>
        !(reference.TryGetProperty("ReferenceOutputAssembly", out var value) && string.Equals(value.GetString(), "false", StringComparison.OrdinalIgnoreCase));
}
