namespace GradGuard.Cli.Commands;

/// <summary>What a command tells the shell.</summary>
internal static class ExitCode
{
    public const int Clean = 0;

    /// <summary>There are findings over the gate.</summary>
    public const int OverTheGate = 1;

    /// <summary>Bad usage or input, or no answer: nothing was written.</summary>
    public const int BadInput = 2;
}
