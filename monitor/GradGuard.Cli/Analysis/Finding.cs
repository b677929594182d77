namespace GradGuard.Cli.Analysis;

/// <summary>One thing that a rule found, as plain data.</summary>
internal sealed record Finding
{
    /// <summary>The rule's ID, such as GG1002.</summary>
    public required string Id { get; init; }

    public required Severity Severity { get; init; }

    /// <summary>The rule's title.</summary>
    public required string Title { get; init; }

    public required string Message { get; init; }

    public required string Category { get; init; }

    /// <summary>Address of the rule's page.</summary>
    public required string Help { get; init; }

    public required SourceSpan Place { get; init; }

    /// <summary>Further places of the same fault.</summary>
    public required IReadOnlyList<SourceSpan> RelatedPlaces { get; init; }

    /// <summary>The member that holds it, such as <c>Models.Net.forward</c>; empty outside of any.</summary>
    public required string Symbol { get; init; }

    /// <summary>The code around it as <see cref="NormalizedContext"/> writes it.</summary>
    public required string Context { get; init; }

    /// <summary>The source line on which it starts, without a line break.</summary>
    public required string Line { get; init; }
}

/// <summary>A piece of a source file. Lines and columns count from 1.</summary>
/// <param name="Path">With forward slashes; relative to the working directory where the file lies below it.</param>
/// <param name="Line">Of the first character.</param>
/// <param name="Column">Of the first character.</param>
/// <param name="EndLine">Of the last character.</param>
/// <param name="EndColumn">Behind the last character.</param>
internal sealed record SourceSpan(string Path, int Line, int Column, int EndLine, int EndColumn);

/// <summary>How bad a finding is, in rising order.</summary>
internal enum Severity
{
    Info,
    Warning,
    Error,
}
