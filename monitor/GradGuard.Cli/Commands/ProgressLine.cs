namespace GradGuard.Cli.Commands;

/// <summary>Shows on a terminal what is being looked at, on one line that the next one replaces. Silent where nobody watches.</summary>
internal sealed class ProgressLine(TextWriter errors) : IProgress<string>
{
    private const string ClearLine = "\r\u001b[K";

    private readonly bool _isWatched =
        ReferenceEquals(errors, Console.Error) && !Console.IsErrorRedirected && !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public void Report(string value)
    {
        if (_isWatched)
            errors.Write(ClearLine + Fitting(value));
    }

    /// <summary>A text that went over into a second line would stay there.</summary>
    private static string Fitting(string value) => value.Length < Console.WindowWidth ? value : value[..Math.Max(0, Console.WindowWidth - 2)] + "…";

    /// <summary>Leaves no trace.</summary>
    public void Clear()
    {
        if (_isWatched)
            errors.Write(ClearLine);
    }
}
