using System.Globalization;
using System.Reflection;
using GradGuard.Analyzers.Rules;

namespace GradGuard.Analyzers.Tests.Catalogue;

/// <summary>The pages in <c>docs/rules</c> say what the catalogue says.</summary>
public class DocumentationTests
{
    private static readonly string Pages = Path.Combine(Repository.Root, "docs", "rules");

    public static TheoryData<string> Ids => [.. RuleCatalogue.Descriptors.Select(descriptor => descriptor.Id).Distinct()];

    [Theory]
    [MemberData(nameof(Ids))]
    public void EachRuleHasAPageWithItsTitleCategoryAndSections(string id)
    {
        var descriptor = RuleCatalogue.Descriptors.First(descriptor => descriptor.Id == id);
        var page = File.ReadAllText(Path.Combine(Pages, id + ".md"));

        Assert.StartsWith($"# {id}: {descriptor.Title}\n", page);
        Assert.Contains($"\n| {descriptor.Category} | {descriptor.DefaultSeverity}", page);
        foreach (var section in new[] { "Why", "Fires", "Clean", "When to suppress" })
            Assert.Contains($"\n## {section}\n", page);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void EachRuleIsInTheReadmesTable(string id)
    {
        var descriptor = RuleCatalogue.Descriptors.First(descriptor => descriptor.Id == id);

        Assert.Contains(
            $"\n| [{id}](docs/rules/{id}.md) | {descriptor.Title} | {descriptor.DefaultSeverity} |",
            File.ReadAllText(Path.Combine(Repository.Root, "README.md")));
    }

    [Fact]
    public void EachOptionIsInTheConfigurationsTableWithItsDefault()
    {
        var options = typeof(RuleOption).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType == typeof(RuleOption))
            .Select(field => (RuleOption)field.GetValue(null)!);
        var rows = options.Select(option => $"| `gradguard.{option.Name}` | {option.Default.ToString(CultureInfo.InvariantCulture)} |").Order();

        var table = File.ReadLines(Path.Combine(Repository.Root, "docs", "configuration.md")).Where(line => line.StartsWith("| `gradguard."));
        Assert.Equal(rows, table.Select(line => string.Join('|', line.Split('|')[..3]) + '|').Order());
    }

    [Fact]
    public void EachPageOfAStaticRuleBelongsToARule()
    {
        var known = RuleCatalogue.Descriptors.Select(descriptor => descriptor.Id).ToHashSet();
        var pages = Directory.EnumerateFiles(Pages, "GG*.md").Select(Path.GetFileNameWithoutExtension).Where(id => id![2] < '9');

        Assert.DoesNotContain(pages, id => !known.Contains(id!));
    }
}
