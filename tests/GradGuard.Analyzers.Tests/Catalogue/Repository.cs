using System.Reflection;

namespace GradGuard.Analyzers.Tests.Catalogue;

/// <summary>Where the sources lie that this test assembly was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;
}
