using Microsoft.Build.Framework;

namespace GradGuard.Analyzers.Build;

/// <summary>
/// MSBuild task: reports, as errors at their lines, the findings that the compiler's log of its last run holds at <see cref="FailOn"/> or above.
/// It reads the log rather than making the compiler fail, because <c>WarningsAsErrors</c> turns suggestions into errors as well and overrides a
/// severity of <c>none</c> in an .editorconfig; and because a build that compiles nothing anew has to fail again.
/// </summary>
public sealed class ReportFindings : Microsoft.Build.Utilities.Task
{
    /// <summary>The compiler's error log, SARIF 1.0 or 2.1.</summary>
    [Required]
    public string LogFile { get; set; } = "";

    /// <summary><c>warning</c>, or <c>info</c> for suggestions as well.</summary>
    [Required]
    public string FailOn { get; set; } = "";

    /// <summary>The catalogue numbers whose findings count.</summary>
    [Required]
    public string[] Rules { get; set; } = [];

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            var rules = new HashSet<string>(Rules, StringComparer.Ordinal);
            foreach (var finding in CompilerLog.Read(LogFile).Where(finding => rules.Contains(finding.Rule) && IsOverTheGate(finding.Level)))
            {
                // Written as the compiler writes its own.
                var message = finding.HelpLink is null ? finding.Message : $"{finding.Message} ({finding.HelpLink})";
                Log.LogError(null, finding.Rule, null, finding.HelpLink, finding.File, finding.Line, finding.Column, 0, 0, "{0}", message);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
        {
            Log.LogError(
                null, "GG0003", null, null, 0, 0, 0, 0, "{0}", $"GradGuardFailOn={FailOn} needs the compiler's log {LogFile}, which cannot be read: {fault.Message}");
        }

        return !Log.HasLoggedErrors;
    }

    private bool IsOverTheGate(string level) => level is "error" or "warning" || (level == "note" && FailOn == "info");
}
