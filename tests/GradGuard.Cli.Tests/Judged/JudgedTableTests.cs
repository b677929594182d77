using System.Reflection;
using System.Text.RegularExpressions;
using GradGuard.Analyzers;

namespace GradGuard.Cli.Tests.Judged;

/// <summary><c>docs/judged.md</c> adds up. The repositories that it is about are not here: what it says of them is the reader's to repeat.</summary>
public partial class JudgedTableTests
{
    private const double MostFalse = 0.02;

    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(
        typeof(JudgedTableTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(fact => fact.Key == "RepositoryRoot").Value!,
        "docs", "judged.md"));

    private static readonly List<string[]> Warnings = [.. Table("| repository | path and line |")];

    private static readonly List<string[]> Repositories = [.. Table("| repository | commit |")];

    [Fact]
    public void EachWarning_HasAPlaceAKnownRuleAVerdictAndAReason()
    {
        var rules = new GradGuardAnalyzer().SupportedDiagnostics.Select(descriptor => descriptor.Id).ToHashSet();

        Assert.NotEmpty(Warnings);
        Assert.All(Warnings, row =>
        {
            Assert.Equal(5, row.Length);
            Assert.Matches(@"^[^\\ ]+\.cs:\d+$", row[1]);
            Assert.Contains(row[2], rules);
            Assert.Contains(row[3], new[] { "true", "false" });
            Assert.NotEmpty(row[4]);
        });
        Assert.Equal(Warnings.Count, Warnings.Select(row => (row[0], row[1], row[2])).Distinct().Count());
    }

    [Fact]
    public void TheTotals_AreTheSumsOfTheRows()
    {
        var total = Totals().Match(string.Join('\n', Lines));
        var (warnings, right, wrong) = (int.Parse(total.Groups[1].Value), int.Parse(total.Groups[2].Value), int.Parse(total.Groups[3].Value));

        Assert.Equal((Warnings.Count, Warnings.Count(row => row[3] == "true"), Warnings.Count(row => row[3] == "false")), (warnings, right, wrong));
        Assert.Equal(FormattableString.Invariant($"{100.0 * wrong / warnings:F1}"), total.Groups[4].Value);
    }

    [Fact]
    public void EachRepository_HasACommit_AndAsManyRowsAsItHasWarnings() => Assert.All(Repositories, row =>
    {
        Assert.Matches("^[0-9a-f]{40}$", row[1]);
        Assert.True(int.Parse(row[2]) > 0 && int.Parse(row[3]) >= 0);
        Assert.Equal(int.Parse(row[4]), Warnings.Count(warning => warning[0] == row[0].Split(' ')[0]));
    });

    [Fact]
    public void NoMoreThanTwoInAHundred_AreFalse() =>
        Assert.InRange(Warnings.Count(row => row[3] == "false") / (double)Warnings.Count, 0, MostFalse);

    private static IEnumerable<string[]> Table(string header) => Lines
        .SkipWhile(line => !line.StartsWith(header, StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    [GeneratedRegex(@"\*\*(\d+) warnings: (\d+) true, (\d+) false \((\d+\.\d) %\)\.\*\*")]
    private static partial Regex Totals();
}
