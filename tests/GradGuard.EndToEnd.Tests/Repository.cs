using System.Reflection;

namespace GradGuard.EndToEnd.Tests;

/// <summary>The repository that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>NuGet's folder of the packages that the repository is built with.</summary>
    public static string PackageCache { get; } = Metadata("PackageCache");

    private static string Metadata(string key) => typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
