namespace GradGuard.Monitor.Build.Tests;

public sealed class HostLibrariesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("gradguard-host-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Install(string folder, byte[] library)
    {
        var path = Path.Combine(_root, folder, "libstdc++.so.6");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, library);
        return path;
    }

    private void Configure(string file, params string[] lines)
    {
        var path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllLines(path, lines);
    }

    private static byte[] Library(params string[] versions) => new CraftedLibrary().Defining(versions).ToBytes();

    private (string Path, ISet<string> Versions)? Find(string? libraryPath = null) =>
        new HostLibraries(_root, libraryPath).Find("libstdc++.so.6");

    [Fact]
    public void ReadsTheVersionsThatTheLibraryDefines()
    {
        var path = Install("usr/lib/x86_64-linux-gnu", Library("libstdc++.so.6", "GLIBCXX_3.4", "GLIBCXX_3.4.30"));

        var found = Find();

        Assert.Equal(path, found?.Path);
        Assert.Equal(["GLIBCXX_3.4", "GLIBCXX_3.4.30", "libstdc++.so.6"], found!.Value.Versions.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void LooksInLibraryPathFirst()
    {
        Install("usr/lib/x86_64-linux-gnu", Library("GLIBCXX_3.4.30"));
        var preferred = Install("opt/gcc/lib", Library("GLIBCXX_3.4.33"));
        Assert.Equal(preferred, Find($"/nonexistent::{Path.GetDirectoryName(preferred)}")?.Path);
    }

    [Fact]
    public void FollowsTheLoadersConfigurationAndItsIncludes()
    {
        Configure("etc/ld.so.conf", "# comment", "include /etc/ld.so.conf.d/*.conf");
        Configure("etc/ld.so.conf.d/a.conf", "/opt/toolchain/lib # newer");
        Install("usr/lib", Library("GLIBCXX_3.4.30"));
        var configured = Install("opt/toolchain/lib", Library("GLIBCXX_3.4.32"));
        Assert.Equal(configured, Find()?.Path);
    }

    [Fact]
    public void AnIncludeOfItselfEnds()
    {
        Configure("etc/ld.so.conf", "include ld.so.conf");
        var path = Install("lib64", Library("GLIBCXX_3.4.30"));
        Assert.Equal(path, Find()?.Path);
    }

    [Fact]
    public void PassesOverAnotherProcessorsLibraryAndBrokenOnes()
    {
        Install("lib/x86_64-linux-gnu", "INPUT(libstdc++.so.6.0.30)"u8.ToArray());
        Install("usr/lib/x86_64-linux-gnu", new CraftedLibrary { Machine = 183 }.Defining("GLIBCXX_3.4.32").ToBytes());
        var usable = Install("usr/lib64", Library("GLIBCXX_3.4.30"));
        Assert.Equal(usable, Find()?.Path);
    }

    [Fact]
    public void WithoutAnyLibrary_FindsNone() => Assert.Null(Find());

    [Fact]
    public void OnLinux_FindsThisMachinesOwn()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has libstdc++.so.6.");
        var found = HostLibraries.OfThisMachine().Find("libstdc++.so.6");
        Assert.Contains("GLIBCXX_3.4", found!.Value.Versions);
    }
}
