namespace GradGuard.EndToEnd.Tests;

/// <summary>Tests that share one fresh copy of the repository, since building it takes a while.</summary>
[CollectionDefinition]
public class FreshCopyCollection : ICollectionFixture<FreshCopy>;
