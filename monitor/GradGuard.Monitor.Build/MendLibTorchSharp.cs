using Microsoft.Build.Framework;

namespace GradGuard.Monitor.Build;

/// <summary>
/// MSBuild task: writes the copy of TorchSharp's native library that this machine should run: the original, or one that loads
/// here where the original would not (see <see cref="LibTorchSharpMend"/>). <see cref="Source"/> is never written to. A file that
/// cannot be read as a library is a warning, and its copy is the original.
/// </summary>
public sealed class MendLibTorchSharp : Microsoft.Build.Utilities.Task
{
    /// <summary>The <c>libLibTorchSharp.so</c> of the package.</summary>
    [Required]
    public string Source { get; set; } = "";

    /// <summary>Where the copy goes.</summary>
    [Required]
    public string Destination { get; set; } = "";

    /// <summary>False where the library could not be judged or cannot load, so that the next build says so again.</summary>
    [Output]
    public bool Settled { get; private set; } = true;

    /// <summary>Where the machine's own libraries are looked up.</summary>
    internal HostLibraries Host { get; set; } = HostLibraries.OfThisMachine();

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            var original = File.ReadAllBytes(Source);
            Write(FitForThisMachine(original));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Log.LogError($"GradGuard could not copy {Source} to {Destination}: {fault.Message}");
        }

        return !Log.HasLoggedErrors;
    }

    /// <summary>
    /// Where no libstdc++ is found to ask, the library is mended all the same: a weak want changes nothing where the version exists.
    /// </summary>
    private byte[] FitForThisMachine(byte[] original)
    {
        var host = Host.Find(LibTorchSharpMend.Library);
        if (host is { } found && found.Versions.Contains(LibTorchSharpMend.Version))
            return original;

        var reason = host is null ? $"no {LibTorchSharpMend.Library} was found to ask" : $"{host.Value.Path} lacks it";
        try
        {
            switch (LibTorchSharpMend.Apply(original, out var mended))
            {
                case MendOutcome.Mended:
                    Log.LogMessage(
                        MessageImportance.High,
                        $"GradGuard: TorchSharp's native library asks for {LibTorchSharpMend.Version} without using it, and {reason}; "
                        + "the output gets a copy that loads without it.");
                    return mended!;
                case MendOutcome.VersionIsUsed:
                    Doubt($"it uses symbols of {LibTorchSharpMend.Version}, and {reason}. TorchSharp needs a newer libstdc++ here.");
                    break;
            }
        }
        catch (InvalidDataException fault)
        {
            Doubt($"{fault.Message}. TorchSharp may not load on this machine.");
        }

        return original;
    }

    private void Doubt(string why)
    {
        Settled = false;
        Log.LogWarning($"GradGuard left {Source} as it is: {why}");
    }

    /// <summary>
    /// Replaces the file rather than its content, since output folders may hold hard links to it, and moves a whole file into
    /// place, since a build that was cut off must not leave half a library that looks up to date.
    /// </summary>
    private void Write(byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Destination))!);
        var partial = $"{Destination}.{Guid.NewGuid():N}";
        File.WriteAllBytes(partial, bytes);
        File.Delete(Destination);
        File.Move(partial, Destination);
    }
}
