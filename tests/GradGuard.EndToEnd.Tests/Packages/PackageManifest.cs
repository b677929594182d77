using System.IO.Compression;
using System.Xml.Linq;

namespace GradGuard.EndToEnd.Tests.Packages;

/// <summary>The nuspec of a package.</summary>
internal sealed record PackageManifest(XElement Metadata)
{
    /// <summary>Each dependency as <c>framework: id version</c>.</summary>
    public IReadOnlyList<string> Dependencies =>
        [.. Elements("group").SelectMany(group => Elements("dependency", group).Select(
            dependency => $"{group.Attribute("targetFramework")!.Value}: {dependency.Attribute("id")!.Value} {dependency.Attribute("version")!.Value}"))];

    public string? this[string name] => Elements(name).SingleOrDefault()?.Value;

    public static PackageManifest Read(ZipArchive package)
    {
        using var content = package.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return new(XDocument.Load(content).Root!.Elements().Single());
    }

    /// <summary>Elements of a name, whichever version of the schema the file is written in.</summary>
    private IEnumerable<XElement> Elements(string name, XElement? under = null) =>
        (under ?? Metadata).Descendants().Where(element => element.Name.LocalName == name);
}
