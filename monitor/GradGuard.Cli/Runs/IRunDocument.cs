namespace GradGuard.Cli.Runs;

/// <summary>Something read from a file of a run directory, well-formed as far as its types tell.</summary>
internal interface IRunDocument
{
    /// <summary>What is wrong with it beyond that; null when nothing is.</summary>
    string? Fault { get; }
}

/// <summary>A document that is a whole file, and says which version of its shape it has.</summary>
internal interface IVersionedDocument : IRunDocument
{
    /// <summary>Version of the documents' shape.</summary>
    int Schema { get; }
}
