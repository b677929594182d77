using GradGuard.Cli.Tests.Running;

namespace GradGuard.Cli.Tests.Analyze;

/// <summary>Projects and solutions are compiled as their own build does it: packages, constants, generated usings, referenced projects.</summary>
public class ProjectTests
{
    private const string Library = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <DefineConstants Condition="'$(TargetFramework)' == 'net10.0'">$(DefineConstants);SATURATED</DefineConstants>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="TorchSharp" Version="0.107.0" />
            <Compile Remove="old/**" />
          </ItemGroup>
        </Project>
        """;

    private const string Program = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <OutputType>Exe</OutputType>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
          <ItemGroup>
            <ProjectReference Include="..\lib\Lib.csproj" />
          </ItemGroup>
        </Project>
        """;

    [Fact]
    public async Task ASolution_IsJudgedAsItsProjectsAreBuilt()
    {
        using var folder = new SourceFolder()
            .With("All.slnx", """<Solution><Project Path="lib/Lib.csproj" /><Project Path="app/App.csproj" /></Solution>""")
            .With("lib/Lib.csproj", Library)
            .With("lib/Recurrent.cs", Sources.Recurrent("Recurrent"))
            .With("lib/Net.cs", "#if SATURATED\n" + Sources.Saturated() + "\n#endif\n")
            .With("lib/old/Net.cs", Sources.Saturated("Old"))
            .With("app/App.csproj", Program)
            .With("app/Program.cs", Sources.Trainer("Recurrent") + "\nConsole.WriteLine(new List<int>().Count);\n");

        var result = await folder.RunAsync("analyze", "All.slnx", "--format", "json", "--rules", "GG1,GG3");

        Assert.Equal(["app/Program.cs", "lib/Net.cs"], result.Json["findings"]!.AsArray().Select(finding => finding!["place"]!["path"]!.GetValue<string>()));
        Assert.Equal(["warning", "warning"], result.Json["findings"]!.AsArray().Select(finding => finding!["severity"]!.GetValue<string>()));
        Assert.Equal(0, result.Json["summary"]!["unresolvedNames"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("broken.csproj", "<Project><ItemGroup>", "broken.csproj")]
    [InlineData("empty.slnx", "<Solution />", "there is no C# project in it")]
    [InlineData("lost.slnx", """<Solution><Project Path="gone/Gone.csproj" /></Solution>""", "Gone.csproj")]
    public async Task ForAProjectThatCannotBeBuilt_OneLineAndExitCode2(string file, string text, string reason)
    {
        using var folder = new SourceFolder().With(file, text).With("Net.cs", Sources.Saturated());

        var result = await folder.RunAsync("analyze", file);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(reason, result.Errors);
        Assert.Single(result.Errors.TrimEnd().Split('\n'));
    }
}
