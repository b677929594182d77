namespace GradGuard.Cli.Formats.Comparisons;

/// <summary>The formats that a comparison can be asked for in.</summary>
internal enum ComparisonFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For scripts.</summary>
    Json,

    /// <summary>Annotations in GitHub Actions.</summary>
    GitHub,
}
