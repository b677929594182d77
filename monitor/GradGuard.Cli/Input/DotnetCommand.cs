using System.ComponentModel;
using System.Diagnostics;

namespace GradGuard.Cli.Input;

/// <summary>Runs the .NET SDK's own command.</summary>
internal static class DotnetCommand
{
    /// <summary>What it wrote to standard output.</summary>
    /// <param name="folder">Where it is run, which decides the SDK's version.</param>
    /// <param name="arguments">What follows <c>dotnet</c>.</param>
    /// <param name="cancellation">Ends the command too.</param>
    /// <exception cref="InputException">There is no SDK, or the command failed; the message has its first error.</exception>
    public static async Task<string> RunAsync(string folder, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_CLI_UI_LANGUAGE"] = "en", ["DOTNET_NOLOGO"] = "1", ["MSBUILDDISABLENODEREUSE"] = "1" },
        };
        using var process = Start(start);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 ? await output : throw new InputException(FirstError(await output, await errors));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new InputException($"a project needs the .NET SDK, and 'dotnet' cannot be run: {error.Message}");
        }
    }

    private static string FirstError(string output, string errors)
    {
        var lines = (errors + "\n" + output).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? lines.FirstOrDefault() ?? "the build failed and does not say why";
    }
}
