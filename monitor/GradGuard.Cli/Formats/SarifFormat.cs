using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GradGuard.Cli.Analysis;

namespace GradGuard.Cli.Formats;

/// <summary>The Static Analysis Results Interchange Format, version 2.1.0 (OASIS standard), which code hosts and IDEs read.</summary>
/// <param name="workingDirectory">Full path that relative paths in the findings are relative to.</param>
internal sealed class SarifFormat(string workingDirectory) : IFindingsFormat
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    private const string Root = "SRCROOT";

    /// <summary>The only fingerprint that GitHub's code scanning compares: a hash, and which of those that share it.</summary>
    private const string CodeScanning = "primaryLocationLineHash";

    public void Write(IReadOnlyList<Finding> findings, TextWriter writer)
    {
        var rules = findings.DistinctBy(finding => finding.Id).OrderBy(finding => finding.Id, StringComparer.Ordinal).ToList();
        var log = new JsonObject
        {
            ["$schema"] = Schema,
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(Run(findings, rules)),
        };
        writer.WriteLine(log.ToJsonString(Json.Options));
    }

    private JsonNode Run(IReadOnlyList<Finding> findings, List<Finding> rules)
    {
        var run = Json.Node(new
        {
            Tool = new
            {
                Driver = new
                {
                    ToolInfo.Name,
                    ToolInfo.Version,
                    SemanticVersion = ToolInfo.Version,
                    InformationUri = ToolInfo.Address,
                    Rules = rules.Select(Rule),
                },
            },
            Invocations = new[] { new { ExecutionSuccessful = true } },
            ColumnKind = "utf16CodeUnits",
            Results = WithOccurrences(findings).Select(pair => Result(pair.Finding, pair.Occurrence, rules.FindIndex(rule => rule.Id == pair.Finding.Id))),
        });
        // Its key is a name of our own, which the naming policy would change.
        run["originalUriBaseIds"] = new JsonObject { [Root] = new JsonObject { ["uri"] = new Uri(Path.TrimEndingDirectorySeparator(workingDirectory) + "/").AbsoluteUri } };
        return run;
    }

    private static object Rule(Finding rule) => new
    {
        rule.Id,
        ShortDescription = new { Text = rule.Title },
        FullDescription = new { Text = $"{rule.Title}." },
        Help = new { Text = $"{rule.Title}: {rule.Help}", Markdown = $"{rule.Title}: [{rule.Id}]({rule.Help})" },
        HelpUri = rule.Help,
        Properties = new { rule.Category, Tags = new[] { rule.Category } },
    };

    private static object Result(Finding finding, int occurrence, int ruleIndex) => new
    {
        RuleId = finding.Id,
        RuleIndex = ruleIndex,
        Level = finding.Severity switch
        {
            Severity.Error => "error",
            Severity.Warning => "warning",
            _ => "note",
        },
        Message = new { Text = finding.Message },
        Locations = new[]
        {
            new
            {
                PhysicalLocation = Physical(finding.Place, new { Text = finding.Line }),
                LogicalLocations = finding.Symbol.Length > 0 ? new[] { new { FullyQualifiedName = finding.Symbol } } : null,
            },
        },
        PartialFingerprints = new Dictionary<string, string> { ["gradguard/v1"] = Fingerprint(finding), [CodeScanning] = $"{Fingerprint(finding)[..16]}:{occurrence}" },
        RelatedLocations = finding.RelatedPlaces.Count > 0
            ? finding.RelatedPlaces.Select((place, index) => new { Id = index, PhysicalLocation = Physical(place, null) })
            : null,
    };

    /// <summary>Findings that look the same, in one member, are told apart by their order.</summary>
    private static IEnumerable<(Finding Finding, int Occurrence)> WithOccurrences(IEnumerable<Finding> findings)
    {
        var seen = new Dictionary<string, int>();
        foreach (var finding in findings)
        {
            var fingerprint = Fingerprint(finding);
            yield return (finding, seen[fingerprint] = seen.GetValueOrDefault(fingerprint) + 1);
        }
    }

    /// <summary>The same for a finding whose lines have moved, so that a code host knows it again.</summary>
    private static string Fingerprint(Finding finding) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{finding.Id}\n{finding.Symbol}\n{finding.Context}")));

    private static object Physical(SourceSpan place, object? line) => new
    {
        ArtifactLocation = Path.IsPathRooted(place.Path)
            ? (object)new { Uri = new Uri(place.Path).AbsoluteUri }
            : new { Uri = string.Join('/', place.Path.Split('/').Select(Uri.EscapeDataString)), UriBaseId = Root },
        Region = new { StartLine = place.Line, StartColumn = place.Column, place.EndLine, place.EndColumn },
        ContextRegion = line is null ? null : new { StartLine = place.Line, Snippet = line },
    };
}
