using System.Diagnostics;
using System.Reflection;

namespace GradGuard.Monitor.Build.Tests;

/// <summary>The background collector frees TorchSharp's scalars under a running call: off, unless the project asks for it.</summary>
public sealed class BackgroundCollectorTests
{
    private static readonly string Targets = Path.Combine(
        typeof(BackgroundCollectorTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!,
        "monitor/GradGuard.Monitor.Build/build/GradGuard.Monitor.targets");

    [Theory]
    [InlineData("", "false")]
    [InlineData("<ConcurrentGarbageCollection>true</ConcurrentGarbageCollection>", "true")]
    [InlineData("<ConcurrentGarbageCollection>false</ConcurrentGarbageCollection>", "false")]
    public async Task A_project_decides_and_otherwise_it_is_off(string said, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("gradguard-collector");
        try
        {
            var project = Path.Combine(folder.FullName, "Program.csproj");
            await File.WriteAllTextAsync(
                project,
                $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework>{said}</PropertyGroup>
                  <Import Project="{Targets}" />
                </Project>
                """,
                TestContext.Current.CancellationToken);

            Assert.Equal(expected, await RuntimeOption(project));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What the project's runtimeconfig.json will say.</summary>
    private static async Task<string> RuntimeOption(string project)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in new[] { "msbuild", project, "-nologo", "-getItem:RuntimeHostConfigurationOption" })
            start.ArgumentList.Add(argument);
        using var msbuild = Process.Start(start)!;
        var output = await msbuild.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await msbuild.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(msbuild.ExitCode == 0, output);

        using var items = System.Text.Json.JsonDocument.Parse(output);
        return items.RootElement.GetProperty("Items").GetProperty("RuntimeHostConfigurationOption").EnumerateArray()
            .Single(item => item.GetProperty("Identity").GetString() == "System.GC.Concurrent").GetProperty("Value").GetString()!;
    }
}
