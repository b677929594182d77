namespace GradGuard.Cli.Tests.Running;

/// <summary>A folder of its own for one test, with the files it writes; gone afterwards.</summary>
internal sealed class SourceFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("gradguard-cli-").FullName;

    /// <summary>Writes a file, making the folders it lies in.</summary>
    public SourceFolder With(string file, string text)
    {
        File.WriteAllText(In(file), text);
        return this;
    }

    public SourceFolder With(string file, byte[] bytes)
    {
        File.WriteAllBytes(In(file), bytes);
        return this;
    }

    /// <summary>Makes a file of that many zero bytes, which takes no room on the disk.</summary>
    public SourceFolder With(string file, long length)
    {
        using var stream = File.Create(In(file));
        stream.SetLength(length);
        return this;
    }

    /// <summary>The full path of a file or folder in here.</summary>
    public string In(string file)
    {
        var path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>Everything in here, relative, to see whether a command has left something behind.</summary>
    public IReadOnlyList<string> Contents() =>
        [.. Directory.EnumerateFileSystemEntries(Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Order(StringComparer.Ordinal)];

    /// <summary>Runs the command line as if it had been typed in here.</summary>
    public Task<CommandResult> RunAsync(params string[] arguments) => CommandResult.OfAsync(Path, arguments);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
