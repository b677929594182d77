using System.Text.Json;

namespace GradGuard.EndToEnd.Tests.Packages;

/// <summary>
/// The trainer built with instrumentation in every way that a project may be set up, with warnings as errors, and run: one restore, one build.
/// </summary>
public sealed class InstrumentedVariants(PackedPackages packages) : IAsyncLifetime
{
    private readonly Consumer _consumer = new(packages);

    /// <summary>Configuration, nullable context and implicit usings of each.</summary>
    public static IEnumerable<TheoryDataRow<string>> Names =>
        from configuration in new[] { "Debug", "Release" }
        from nullable in new[] { "enable", "disable" }
        from usings in new[] { "enable", "disable" }
        select new TheoryDataRow<string>($"{configuration}-{nullable}-{usings}");

    /// <summary>The one build of all.</summary>
    internal ProcessResult Build { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _consumer.Copy("Trainer");
        var variants = Names.Select(row => row.Data.Split('-')).Select(parts =>
            $"""<Variant Include="{string.Join('-', parts)}" Settings="Configuration={parts[0]};Nullable={parts[1]};ImplicitUsings={parts[2]}" />""");
        _consumer.Write(
            "variants.proj",
            $"""
            <Project>
              <ItemGroup>
                {string.Join("\n    ", variants)}
              </ItemGroup>
              <Target Name="Build">
                <MSBuild Projects="Trainer/Trainer.csproj" Targets="Restore" Properties="Restoring=true" />
                <MSBuild Projects="Trainer/Trainer.csproj" BuildInParallel="true"
                         Properties="Variant=%(Variant.Identity);%(Variant.Settings);TreatWarningsAsErrors=true;WarningsNotAsErrors=GG1002%3BGG5001" />
              </Target>
            </Project>
            """);
        Build = await _consumer.DotnetAsync("build", "variants.proj", "--nologo", "-clp:NoSummary");
    }

    /// <summary>Trains one of them and reads what it wrote into its run directory.</summary>
    internal async Task<JsonElement> RunAsync(string name, string document)
    {
        var directory = $"{Path.GetFileNameWithoutExtension(document)}-{name}";
        var run = await _consumer.DotnetAsync(_consumer.Path("Trainer", "bin", name, "Trainer.dll"), directory);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        using var written = JsonDocument.Parse(await File.ReadAllTextAsync(_consumer.Path(directory, document)));
        return written.RootElement.Clone();
    }

    /// <summary>The features that the compiler is asked for, where the project is built with some properties set.</summary>
    internal async Task<string> FeaturesAsync(string properties)
    {
        var evaluation = await _consumer.DotnetAsync("msbuild", "Trainer/Trainer.csproj", "-getProperty:Features", $"-p:{properties}");
        Assert.True(evaluation.ExitCode == 0, evaluation.Output + evaluation.Error);
        return evaluation.Output.Trim();
    }

    public ValueTask DisposeAsync()
    {
        _consumer.Dispose();
        return ValueTask.CompletedTask;
    }
}
