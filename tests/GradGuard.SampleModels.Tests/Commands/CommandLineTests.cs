using GradGuard.SampleModels.Catalogue;
using GradGuard.SampleModels.Commands;
using Spectre.Console;

namespace GradGuard.SampleModels.Tests.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("error: no sample is called 'nonsense'; `list` shows them all", "run", "nonsense")]
    [InlineData("error: --steps takes a whole number from 1 up, not '0'", "run", "healthy-mlp", "--steps", "0")]
    [InlineData("error: --steps takes a whole number from 1 up, not 'ten'", "run", "healthy-mlp", "--steps", "ten")]
    [InlineData("error: --steps takes a whole number from 1 up, not '99999999999'", "run", "healthy-mlp", "--steps", "99999999999")]
    [InlineData("error: --seed takes a whole number from 0 up, not '-1'", "run", "healthy-mlp", "--seed", "-1")]
    [InlineData("error: 'vanishing-rnn' makes its own data: leave --data out", "run", "vanishing-rnn", "--data", ".")]
    [InlineData("error: nowhere: no such directory", "run", "healthy-mlp", "--data", "nowhere", "--out", "unused")]
    public void Bad_input_is_answered_by_one_line_and_exit_code_2(string message, params string[] arguments)
    {
        var (exitCode, _, errors) = Run(arguments);

        Assert.Equal(2, exitCode);
        Assert.Equal([message], errors);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("nonsense")]
    [InlineData("run", "healthy-mlp", "--nonsense")]
    [InlineData("run", "healthy-mlp", "healthy-cnn")]
    [InlineData("list", "everything")]
    [InlineData("run", "healthy-mlp", "--steps")]
    public void Input_that_cannot_be_parsed_is_answered_by_one_line_and_exit_code_2(params string[] arguments)
    {
        var (exitCode, output, errors) = Run(arguments);

        Assert.Equal(2, exitCode);
        Assert.StartsWith("error: ", Assert.Single(errors));
        Assert.Empty(output);
    }

    [Fact]
    public void A_file_is_no_place_for_a_run()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("taken", []);
        string taken = Path.Combine(directory.Path, "taken");

        var (exitCode, _, errors) = Run("run", "healthy-mlp", "--out", taken);

        Assert.Equal(2, exitCode);
        Assert.Equal([$"error: {taken} is a file: --out takes a directory"], errors);
    }

    [Fact]
    public void Help_names_the_commands_and_their_options()
    {
        Assert.Contains("list", Run("--help").Output);
        var (exitCode, output, errors) = Run("run", "--help");

        Assert.Equal(0, exitCode);
        Assert.All(["--steps", "--seed", "--out", "--data"], option => Assert.Contains(option, output));
        Assert.Empty(errors);
    }

    [Fact]
    public void List_shows_every_sample_on_a_line_of_its_own()
    {
        var (exitCode, output, _) = Run("list");

        Assert.Equal(0, exitCode);
        var lines = output.Split('\n');
        Assert.All(SampleCatalogue.All, sample =>
            Assert.Single(lines, line => line.Contains($" {sample.Name} ") && line.Contains(sample.Shows)));
    }

    [Fact]
    public void A_run_writes_to_its_directory_and_never_over_an_older_run()
    {
        using var directory = new TemporaryDirectory();
        string place = Path.Combine(directory.Path, "mine");

        var first = Run("run", "healthy-mlp", "--steps", "3", "--seed", "2", "--out", place);
        var written = File.ReadAllBytes(Path.Combine(place, "run.json"));
        var second = Run("run", "healthy-mlp", "--steps", "3", "--seed", "2", "--out", place);

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Contains("step 3 of 3", first.Output);
        Assert.Contains($"Run: {place}\n", first.Output);
        Assert.Contains($"Run: {place}-2\n", second.Output);
        Assert.Equal(written, File.ReadAllBytes(Path.Combine(place, "run.json")));
    }

    private static (int ExitCode, string Output, string[] Errors) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 1000;
        int exitCode = new CommandLine(console, errors).Run(arguments);
        return (exitCode, output.ToString(), errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
