namespace GradGuard.Cli.Formats;

/// <summary>The formats that findings can be asked for in.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For scripts.</summary>
    Json,

    /// <summary>For code hosts and IDEs.</summary>
    Sarif,

    /// <summary>Annotations in GitHub Actions.</summary>
    GitHub,
}
