namespace GradGuard.Analyzers.Build;

/// <summary>One result of the compiler's log.</summary>
/// <param name="Rule">Its number, whoever's it is.</param>
/// <param name="Level"><c>error</c>, <c>warning</c> or <c>note</c>.</param>
/// <param name="Message">What was found.</param>
/// <param name="File">Path of the source, null where there is none.</param>
/// <param name="Line">First line, from 1; 0 where there is none, as for the other places.</param>
/// <param name="Column">First column, from 1.</param>
/// <param name="HelpLink">The rule's page.</param>
internal sealed record LoggedFinding(string Rule, string Level, string Message, string? File, int Line, int Column, string? HelpLink);
