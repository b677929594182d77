using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using GradGuard.Cli.Analysis;
using GradGuard.Cli.Checking;

namespace GradGuard.Cli.Formats.Checks;

/// <summary>JUnit's XML, which test reports read: a suite for each run, a case for each alert, limit and requirement.</summary>
internal sealed class JUnitFormat
{
    public void Write(Verdict verdict, TextWriter writer)
    {
        var suites = verdict.Runs.Select(Suite).ToList();
        var root = new XElement("testsuites", new XAttribute("name", OwnOutput.ReportName), Counts(verdict.Runs.SelectMany(run => run.Checks)), suites);
        using (var xml = XmlWriter.Create(writer, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true, NewLineChars = "\n", CloseOutput = false }))
            root.Save(xml);
        writer.WriteLine();
    }

    private static XElement Suite(RunVerdict run) => new(
        "testsuite",
        new XAttribute("name", Clean(run.Run)),
        Counts(run.Checks),
        new XAttribute("time", (run.Seconds ?? 0).ToString("0.###", CultureInfo.InvariantCulture)),
        new XAttribute("timestamp", run.Started.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)),
        new XElement("properties", Property("model", run.Model), Property("steps", run.Steps.ToString(CultureInfo.InvariantCulture))),
        run.Checks.Select(check => Case(run, check)),
        run.Notes.Count > 0 ? new XElement("system-out", Clean(string.Join('\n', run.Notes))) : null);

    private static XElement Case(RunVerdict run, Check check) => new(
        "testcase",
        new XAttribute("classname", Clean(run.Run)),
        new XAttribute("name", Clean($"{check.Id} {check.Title}")),
        new XAttribute("time", "0"),
        check.Outcome switch
        {
            Outcome.Failed => new XElement("failure", new XAttribute("type", check.Id), new XAttribute("message", Clean(check.Findings[0].Message)), Clean(Lines(check))),
            Outcome.NotEvaluated => new XElement("skipped", new XAttribute("message", Clean(check.Reason))),
            _ => check.Findings.Count > 0 ? new XElement("system-out", Clean(Lines(check))) : null,
        });

    private static string Lines(Check check) => string.Join('\n', check.Findings.Select(Line));

    private static string Line(Finding finding) => $"{finding.Place.Path}:{finding.Place.Line}: {finding.Message}";

    private static XAttribute[] Counts(IEnumerable<Check> checks)
    {
        var all = checks.ToList();
        return
        [
            new("tests", all.Count),
            new("failures", all.Count(check => check.Outcome == Outcome.Failed)),
            new("errors", 0),
            new("skipped", all.Count(check => check.Outcome == Outcome.NotEvaluated)),
        ];
    }

    private static XElement Property(string name, string value) => new("property", new XAttribute("name", name), new XAttribute("value", Clean(value)));

    /// <summary>Without what XML cannot hold.</summary>
    private static string Clean(string text) => string.Concat(text.Where(letter => XmlConvert.IsXmlChar(letter) || char.IsSurrogate(letter)));
}
