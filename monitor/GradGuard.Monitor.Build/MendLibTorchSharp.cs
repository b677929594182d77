using Microsoft.Build.Framework;

namespace GradGuard.Monitor.Build;

/// <summary>
/// MSBuild task: writes a copy of TorchSharp's native library that loads on this machine, where the original would not
/// (see <see cref="LibTorchSharpMend"/>). <see cref="Source"/> is never written to. Where no copy is needed there is none
/// afterwards. A file that cannot be read as a library is a warning, and the build goes on with the original.
/// </summary>
public sealed class MendLibTorchSharp : Microsoft.Build.Utilities.Task
{
    /// <summary>The <c>libLibTorchSharp.so</c> of the package.</summary>
    [Required]
    public string Source { get; set; } = "";

    /// <summary>Where the mended copy goes; any there is removed where none is needed.</summary>
    [Required]
    public string Destination { get; set; } = "";

    /// <summary>Where the machine's own libraries are looked up.</summary>
    internal HostLibraries Host { get; set; } = HostLibraries.OfThisMachine();

    /// <summary>False where the library could not be judged or cannot load, so that the next build says so again.</summary>
    [Output]
    public bool Settled { get; private set; } = true;

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Destination))!);
            File.Delete(Destination);
            var host = Host.Find(LibTorchSharpMend.Library);
            if (host?.Versions.Contains(LibTorchSharpMend.Version) != true)
                Mend(host?.Path);
        }
        catch (InvalidDataException fault)
        {
            LeaveAsItIs($"{fault.Message}. TorchSharp may not load on this machine.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Log.LogError($"GradGuard could not mend {Source} into {Destination}: {fault.Message}");
        }

        return !Log.HasLoggedErrors;
    }

    private void Mend(string? hostLibrary)
    {
        var reason = hostLibrary is null
            ? $"no {LibTorchSharpMend.Library} was found to ask"
            : $"{hostLibrary} lacks it";
        switch (LibTorchSharpMend.Apply(File.ReadAllBytes(Source), out var mended))
        {
            case MendOutcome.Mended:
                Write(mended!);
                Log.LogMessage(
                    MessageImportance.High,
                    $"GradGuard: TorchSharp's native library asks for {LibTorchSharpMend.Version} without using it, and {reason}; "
                    + "the build output gets a copy that loads without it.");
                break;
            case MendOutcome.VersionIsUsed:
                LeaveAsItIs($"it uses symbols of {LibTorchSharpMend.Version}, and {reason}. TorchSharp needs a newer libstdc++ here.");
                break;
            case MendOutcome.NotNeeded:
                break;
        }
    }

    private void LeaveAsItIs(string why)
    {
        Settled = false;
        Log.LogWarning($"GradGuard left {Source} as it is: {why}");
    }

    /// <summary>Moves a whole file into place: a build that was cut off must not leave half a library that looks up to date.</summary>
    private void Write(byte[] bytes)
    {
        var partial = $"{Destination}.{Guid.NewGuid():N}";
        File.WriteAllBytes(partial, bytes);
        File.Move(partial, Destination);
    }
}
