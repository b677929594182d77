using System.Diagnostics;
using GradGuard.Cli.Tests.Running;

namespace GradGuard.Cli.Tests.Completion;

/// <summary>What a shell offers, asked of the shell itself where it is installed.</summary>
public class CompletionTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "gradguard.dll");

    /// <summary>What is typed up to the cursor, and all that is offered.</summary>
    public static TheoryData<string, string> Offers => new()
    {
        { "gradguard an", "analyze" },
        { "gradguard completion ", "bash fish pwsh zsh" },
        { "gradguard completion z", "zsh" },
        { "gradguard analyze --fo", "--format" },
        { "gradguard analyze src --format ", "github json sarif text" },
        { "gradguard analyze src --format sa", "sarif" },
        { "gradguard analyze src --fail-on ", "info none warning" },
        { "gradguard predict src --format ", "html json text" },
        { "gradguard predict src --format h", "html" },
    };

    [Theory]
    [MemberData(nameof(Offers))]
    public async Task TheDirective_Suggests(string typed, string offered)
    {
        using var folder = new SourceFolder();
        var line = typed["gradguard ".Length..];

        var result = await folder.RunAsync($"[suggest:{line.Length}]", line);

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Errors);
        Assert.Equal(offered, string.Join(' ', Lines(result.Output)));
    }

    [Theory]
    [InlineData("[suggest]", "analyze src --format=", "github json sarif text")]
    [InlineData("[suggest:99]", "an", "analyze")]
    [InlineData("[suggest:-1]", "an", "analyze")]
    [InlineData("[suggest:x]", "an", "analyze")]
    [InlineData("[suggest:2]", "analyze src", "analyze")]
    [InlineData("[suggest:0]", "", "analyze check compare completion predict")]
    [InlineData("[suggest:5]", "there is no such command", "")]
    public async Task TheDirective_TakesWhateverIsTyped(string directive, string line, string offered)
    {
        using var folder = new SourceFolder();

        var result = await folder.RunAsync(directive, line);

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Equal(offered, string.Join(' ', Lines(result.Output)));
    }

    [Theory]
    [MemberData(nameof(Offers))]
    public void Bash_Offers(string typed, string offered) => Assert.Equal(offered, Bash(typed, typed.Split(' ')));

    [Theory]
    [InlineData("gradguard analyze src --format=sa", "sarif", "gradguard", "analyze", "src", "--format", "=", "sa")]
    [InlineData("gradguard analyze src --format=", "github json sarif text", "gradguard", "analyze", "src", "--format", "=")]
    public void Bash_OffersValuesBehindAnEqualsSign(string typed, string offered, params string[] words) => Assert.Equal(offered, Bash(typed, words));

    [Fact]
    public void Bash_OffersOptionsToWhoBeginsOneOnly()
    {
        Assert.Equal("", Bash("gradguard analyze ", ["gradguard", "analyze", ""]));
        Assert.Equal("--baseline --exclude --fail-on --format --help --output --reference --rules --timings --write-baseline", Bash("gradguard analyze --", ["gradguard", "analyze", "--"]));
    }

    [Fact]
    public void Bash_CompletesTheWordAtTheCursor() => Assert.Equal("analyze", Bash("gradguard an", ["gradguard", "an", "src"], word: 1));

    [Fact]
    public void Bash_AsksTheProgramThatWasTyped() =>
        Assert.Equal("analyze", Shell("bash", $$"""
            ./tools/gradguard() {{Function}}
            eval "$(./tools/gradguard completion bash)"
            COMP_LINE="./tools/gradguard an"; COMP_POINT=20; COMP_WORDS=(./tools/gradguard an); COMP_CWORD=1
            _gradguard
            printf '%s\n' "${COMPREPLY[@]}"
            """));

    [Theory]
    [MemberData(nameof(Offers))]
    public void Zsh_Offers(string typed, string offered)
    {
        var words = typed.Split(' ');
        Assert.Equal(offered, Shell("zsh", $$"""
            gradguard() {{Function}}
            compdef() { :; }
            compadd() { print -rl -- "${(@P)2}"; }
            eval "$(gradguard completion zsh)"
            words=({{Quoted(words)}}); CURRENT={{words.Length}}
            _gradguard
            """));
    }

    [Theory]
    [MemberData(nameof(Offers))]
    public void Fish_Offers(string typed, string offered) => Assert.Equal(offered, Shell("fish", $"""
        function gradguard; dotnet '{Program}' $argv; end
        gradguard completion fish | source
        complete --do-complete '{typed}'
        """));

    [Fact]
    public void Fish_OffersFilesWhereTheCommandTakesOne()
    {
        using var folder = new SourceFolder().With("Net.cs", "");
        Assert.Equal("Net.cs", Shell("fish", $"""
            cd '{folder.Path}'
            function gradguard; dotnet '{Program}' $argv; end
            gradguard completion fish | source
            complete --do-complete 'gradguard analyze N'
            """));
    }

    [Fact]
    public async Task Pwsh_RegistersACompleterThatAsksTheDirective()
    {
        using var folder = new SourceFolder();
        var result = await folder.RunAsync("completion", "pwsh");
        Assert.Contains("Register-ArgumentCompleter -Native -CommandName gradguard", result.Output);
        Assert.Contains("[suggest:", result.Output);
    }

    [Fact]
    public async Task AnUnknownShell_IsRefused()
    {
        using var folder = new SourceFolder();
        var result = await folder.RunAsync("completion", "tcsh");
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains("tcsh", result.Errors);
    }

    private static string Function => $"{{ dotnet '{Program}' \"$@\"; }}";

    /// <summary>Sets what bash sets when the key for completion is hit behind <paramref name="typed"/>, and calls what bash would call.</summary>
    private static string Bash(string typed, string[] words, int? word = null) => Shell("bash", $$"""
        gradguard() {{Function}}
        eval "$(gradguard completion bash)"
        COMP_LINE='{{typed}}'; COMP_POINT={{typed.Length}}; COMP_WORDS=({{Quoted(words)}}); COMP_CWORD={{word ?? words.Length - 1}}
        _gradguard
        printf '%s\n' "${COMPREPLY[@]}"
        """);

    private static string Quoted(string[] words) => string.Join(' ', words.Select(word => $"'{word}'"));

    /// <summary>What a script prints, its lines in order and joined by spaces.</summary>
    private static string Shell(string shell, string script)
    {
        Assert.SkipUnless(IsInstalled(shell), $"{shell} is not installed");
        var start = new ProcessStartInfo(shell) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Write(script);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal("", errors.Result);
        return string.Join(' ', Lines(output));
    }

    private static IEnumerable<string> Lines(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal);

    private static bool IsInstalled(string shell) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, shell)));
}
