namespace GradGuard.Cli.Input;

/// <summary>What was given cannot be used. The message is the one line that the user reads.</summary>
internal sealed class InputException(string message) : Exception(message);
