namespace GradGuard.SampleModels.Commands;

/// <summary>Where runs go that were given no place.</summary>
internal static class RunDirectories
{
    /// <summary>
    /// A path under runs/ in the current directory, or in the temporary directory where that cannot be written. Named by the
    /// time; the monitor numbers it where it is taken.
    /// </summary>
    public static string New(string name) => Path.Combine(Root(), $"{name}-{DateTime.Now:yyyyMMdd-HHmmss}");

    private static string Root()
    {
        try
        {
            return Directory.CreateDirectory("runs").FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Directory.CreateTempSubdirectory("gradguard-runs-").FullName;
        }
    }
}
