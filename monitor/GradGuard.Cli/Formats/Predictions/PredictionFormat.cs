namespace GradGuard.Cli.Formats.Predictions;

/// <summary>The formats that predictions can be asked for in.</summary>
internal enum PredictionFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For scripts.</summary>
    Json,

    /// <summary>A page of its own, without anything to load.</summary>
    Html,
}
