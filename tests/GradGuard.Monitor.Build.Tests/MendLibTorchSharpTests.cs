using System.Collections;
using Microsoft.Build.Framework;

namespace GradGuard.Monitor.Build.Tests;

public sealed class MendLibTorchSharpTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("gradguard-mend-").FullName;
    private readonly RecordingEngine _engine = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Destination => Path.Combine(_root, "obj/native/libLibTorchSharp.so");

    private MendLibTorchSharp Run(byte[] library, byte[]? hostLibrary)
    {
        var source = Path.Combine(_root, "package/libLibTorchSharp.so");
        Directory.CreateDirectory(Path.GetDirectoryName(source)!);
        File.WriteAllBytes(source, library);
        if (hostLibrary is not null)
        {
            Directory.CreateDirectory(Path.Combine(_root, "usr/lib"));
            File.WriteAllBytes(Path.Combine(_root, "usr/lib/libstdc++.so.6"), hostLibrary);
        }

        return Run(source);
    }

    private MendLibTorchSharp Run(string source)
    {
        var task = new MendLibTorchSharp
        {
            BuildEngine = _engine,
            Source = source,
            Destination = Destination,
            Host = new HostLibraries(_root, libraryPath: null),
        };
        _engine.Succeeded = task.Execute();
        return task;
    }

    private static byte[] Affected() => new CraftedLibrary().Needing("libstdc++.so.6", "GLIBCXX_3.4.30", "GLIBCXX_3.4.32").ToBytes();

    private static byte[] Host(string newest) => new CraftedLibrary().Defining("GLIBCXX_3.4", newest).ToBytes();

    [Fact]
    public void WhereTheHostLacksTheVersion_WritesAMendedCopyAndSaysSoOnce()
    {
        var task = Run(Affected(), Host("GLIBCXX_3.4.30"));

        LibTorchSharpMend.Apply(Affected(), out var mended);
        Assert.Equal(mended, File.ReadAllBytes(Destination));
        Assert.Equal(Affected(), File.ReadAllBytes(task.Source));
        Assert.True(task.Settled);
        Assert.Contains("usr/lib/libstdc++.so.6 lacks it", Assert.Single(_engine.Messages));
        Assert.Empty(_engine.Warnings);
    }

    [Fact]
    public void WhereTheHostHasTheVersion_CopiesTheOriginalInSilence()
    {
        var task = Run(Affected(), Host("GLIBCXX_3.4.32"));

        Assert.Equal(Affected(), File.ReadAllBytes(Destination));
        Assert.True(task.Settled);
        Assert.Empty(_engine.Messages);
    }

    [Fact]
    public void WhereNoLibStdCppIsFound_MendsAndSaysThatNoneWasFound()
    {
        Run(Affected(), hostLibrary: null);

        Assert.NotEqual(Affected(), File.ReadAllBytes(Destination));
        Assert.Contains("no libstdc++.so.6 was found", Assert.Single(_engine.Messages));
    }

    [Fact]
    public void AMalformedLibrary_IsAWarningWithTheFileAndTheFault_AndTheBuildGoesOnWithTheOriginal()
    {
        var cut = Affected()[..100];
        var task = Run(cut, Host("GLIBCXX_3.4.30"));

        Assert.True(_engine.Succeeded);
        Assert.False(task.Settled);
        Assert.Equal(cut, File.ReadAllBytes(Destination));
        var warning = Assert.Single(_engine.Warnings);
        Assert.Contains(task.Source, warning);
        Assert.Contains("program header 0 at offset 0x40 lies outside of the file (100 bytes)", warning);
    }

    [Fact]
    public void ALibraryThatUsesTheVersion_IsAWarning_AndTheBuildGoesOnWithTheOriginal()
    {
        var library = new CraftedLibrary().Needing("libstdc++.so.6", "GLIBCXX_3.4.32").Relocating("GLIBCXX_3.4.32").ToBytes();
        var task = Run(library, Host("GLIBCXX_3.4.30"));

        Assert.True(_engine.Succeeded);
        Assert.False(task.Settled);
        Assert.Equal(library, File.ReadAllBytes(Destination));
        Assert.Contains("uses symbols of GLIBCXX_3.4.32", Assert.Single(_engine.Warnings));
    }

    [Fact]
    public void AMissingSource_IsAnErrorThatNamesIt()
    {
        Run(Path.Combine(_root, "nowhere.so"));

        Assert.False(_engine.Succeeded);
        Assert.Contains("nowhere.so", Assert.Single(_engine.Errors));
    }

    [Fact]
    public void ReplacesAnEarlierCopyWithoutWritingThroughItsHardLinks()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Output folders link to the copy on Linux.");
        Run(Affected(), Host("GLIBCXX_3.4.32"));
        var open = File.OpenRead(Destination);

        Run(Affected(), Host("GLIBCXX_3.4.30"));

        // The open handle still sees the first file: a writer in place would have changed it.
        using var reader = new BinaryReader(open);
        Assert.Equal(Affected(), reader.ReadBytes((int)open.Length));
        Assert.NotEqual(Affected(), File.ReadAllBytes(Destination));
        Assert.Equal([Destination], Directory.GetFiles(Path.GetDirectoryName(Destination)!));
    }

    [Fact]
    public void ThePackagesOwnFile_IsNeverTouched()
    {
        var before = File.ReadAllBytes(TorchSharpPackage.LinuxLibrary);
        var stamp = File.GetLastWriteTimeUtc(TorchSharpPackage.LinuxLibrary);

        Run(TorchSharpPackage.LinuxLibrary);

        Assert.NotEqual(before, File.ReadAllBytes(Destination));
        Assert.Equal(before, File.ReadAllBytes(TorchSharpPackage.LinuxLibrary));
        Assert.Equal(stamp, File.GetLastWriteTimeUtc(TorchSharpPackage.LinuxLibrary));
    }

    private sealed class RecordingEngine : IBuildEngine
    {
        public List<string> Messages { get; } = [];

        public List<string> Warnings { get; } = [];

        public List<string> Errors { get; } = [];

        public bool Succeeded { get; set; }

        public bool ContinueOnError => false;

        public int LineNumberOfTaskNode => 0;

        public int ColumnNumberOfTaskNode => 0;

        public string ProjectFileOfTaskNode => "test.csproj";

        public void LogErrorEvent(BuildErrorEventArgs e) => Errors.Add(e.Message!);

        public void LogWarningEvent(BuildWarningEventArgs e) => Warnings.Add(e.Message!);

        public void LogMessageEvent(BuildMessageEventArgs e) => Messages.Add(e.Message!);

        public void LogCustomEvent(CustomBuildEventArgs e) => throw new NotSupportedException();

        public bool BuildProjectFile(string projectFileName, string[] targetNames, IDictionary globalProperties, IDictionary targetOutputs) =>
            throw new NotSupportedException();
    }
}
