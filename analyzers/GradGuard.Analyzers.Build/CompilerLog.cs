using System.Globalization;
using System.Runtime.Serialization.Json;
using System.Xml;
using System.Xml.Linq;

namespace GradGuard.Analyzers.Build;

/// <summary>
/// What the C# compiler writes with <c>/errorlog</c>: SARIF 1.0, or 2.1.0 when asked for. The two differ in where a location keeps its parts.
/// Read with the framework's own reader, since MSBuild hosts of different ages load different versions of any JSON package.
/// </summary>
internal static class CompilerLog
{
    /// <summary>The findings that no pragma or attribute suppresses.</summary>
    /// <exception cref="FormatException">The file is no such log.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<LoggedFinding> Read(string path)
    {
        try
        {
            using var content = File.OpenRead(path);
            using var reader = JsonReaderWriterFactory.CreateJsonReader(content, XmlDictionaryReaderQuotas.Max);
            var log = XElement.Load(reader);
            if (log.Element("runs") is null)
                throw new FormatException("It holds no runs of a compiler.");

            var links = log.Descendants().Where(rule => rule.Element("id") is not null && rule.Element("helpUri") is not null)
                .GroupBy(rule => rule.Element("id").Value).ToDictionary(rules => rules.Key, rules => rules.First().Element("helpUri").Value);
            return [.. log.Elements("runs").Elements("item").Elements("results").Elements("item")
                .Where(result => !IsSuppressed(result)).Select(result => ToFinding(result, links))];
        }
        catch (Exception fault) when (fault is XmlException or InvalidOperationException)
        {
            throw new FormatException(fault.Message, fault);
        }
    }

    private static bool IsSuppressed(XElement result) =>
        result.Elements("suppressions").Concat(result.Elements("suppressionStates")).Elements("item").Any();

    private static LoggedFinding ToFinding(XElement result, Dictionary<string, string> links)
    {
        var rule = result.Element("ruleId")?.Value ?? "";
        var message = result.Element("message");
        var place = result.Elements("locations").Elements("item").FirstOrDefault();
        place = place?.Element("resultFile") ?? place?.Element("physicalLocation");
        var region = place?.Element("region");
        return new(
            rule,
            result.Element("level")?.Value ?? "warning",
            (message?.Element("text") ?? message)?.Value ?? "",
            ToPath((place?.Element("uri") ?? place?.Element("artifactLocation")?.Element("uri"))?.Value),
            Number(region, "startLine"),
            Number(region, "startColumn"),
            links.TryGetValue(rule, out var link) ? link : null);
    }

    /// <summary>A file's path from its URI; null for a finding about the project as a whole.</summary>
    private static string? ToPath(string? uri) =>
        uri is null ? null : Uri.TryCreate(uri, UriKind.Absolute, out var absolute) ? absolute.LocalPath : Uri.UnescapeDataString(uri);

    private static int Number(XElement? region, string name) =>
        int.TryParse(region?.Element(name)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
