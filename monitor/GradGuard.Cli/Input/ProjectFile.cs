using System.Xml;
using System.Xml.Linq;

namespace GradGuard.Cli.Input;

/// <summary>
/// What a project file says about its sources when it is read without being evaluated: only elements without a condition count, and nothing that
/// it imports but the nearest <c>Directory.Build.props</c>.
/// </summary>
/// <param name="Path">Full path.</param>
/// <param name="References">Full paths of the projects that it references.</param>
/// <param name="Usings">Namespaces of its global usings, the SDK's implicit ones included where it has them.</param>
/// <param name="Constants">Preprocessor symbols.</param>
internal sealed record ProjectFile(string Path, IReadOnlyList<string> References, IReadOnlyList<string> Usings, IReadOnlyList<string> Constants)
{
    /// <summary>The implicit usings of Microsoft.NET.Sdk.</summary>
    public static readonly IReadOnlyList<string> ImplicitUsings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>Reads what can be read; a damaged file counts as an empty one and is added to <paramref name="skipped"/>.</summary>
    public static ProjectFile Read(string path, ICollection<Skipped> skipped)
    {
        var elements = Elements(path, skipped).ToList();
        if (DirectoryProps(System.IO.Path.GetDirectoryName(path)!) is { } props)
            elements.AddRange(Elements(props, skipped));

        var implicitUsings = elements.Any(element => element.Name.LocalName == "ImplicitUsings" && element.Value.Trim() is "enable" or "true");
        return new(
            path,
            [.. Includes(elements, "ProjectReference").Select(reference => FullPath(path, reference)).Distinct()],
            [.. (implicitUsings ? ImplicitUsings : []).Concat(Includes(elements, "Using")).Distinct()],
            [.. elements.Where(element => element.Name.LocalName == "DefineConstants")
                .SelectMany(element => element.Value.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .Where(constant => !constant.StartsWith('$'))]);
    }

    private static IEnumerable<string> Includes(IEnumerable<XElement> elements, string item) => elements
        .Where(element => element.Name.LocalName == item && element.Attribute("Alias") is null && element.Attribute("Static") is null)
        .Select(element => element.Attribute("Include")?.Value)
        .OfType<string>();

    private static IEnumerable<XElement> Elements(string path, ICollection<Skipped> skipped)
    {
        try
        {
            return XDocument.Load(path).Descendants().Where(element => element.AncestorsAndSelf().All(part => part.Attribute("Condition") is null));
        }
        catch (Exception error) when (error is XmlException or IOException or UnauthorizedAccessException)
        {
            skipped.Add(new(path, error.Message));
            return [];
        }
    }

    private static string? DirectoryProps(string folder)
    {
        for (var directory = new DirectoryInfo(folder); directory is not null; directory = directory.Parent)
        {
            var props = System.IO.Path.Combine(directory.FullName, "Directory.Build.props");
            if (File.Exists(props))
                return props;
        }

        return null;
    }

    private static string FullPath(string project, string reference) =>
        System.IO.Path.GetFullPath(reference.Replace('\\', System.IO.Path.DirectorySeparatorChar), System.IO.Path.GetDirectoryName(project)!);
}
