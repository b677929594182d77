namespace GradGuard.Cli.Formats.Checks;

/// <summary>The formats that a verdict can be asked for in.</summary>
internal enum CheckFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For scripts.</summary>
    Json,

    /// <summary>For code hosts and IDEs.</summary>
    Sarif,

    /// <summary>Annotations in GitHub Actions.</summary>
    GitHub,

    /// <summary>For test reports.</summary>
    JUnit,
}
