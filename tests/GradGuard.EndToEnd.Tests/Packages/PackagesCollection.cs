namespace GradGuard.EndToEnd.Tests.Packages;

/// <summary>Tests that share the packed files.</summary>
[CollectionDefinition]
public class PackagesCollection : ICollectionFixture<PackedPackages>;
