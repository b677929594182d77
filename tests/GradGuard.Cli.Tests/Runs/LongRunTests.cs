using GradGuard.Cli.Runs;
using GradGuard.Cli.Tests.Running;

namespace GradGuard.Cli.Tests.Runs;

public class LongRunTests
{
    /// <summary>Records that have passed by can be collected: a run of any length takes the memory of a few.</summary>
    [Fact]
    public void ALongRun_IsNotHeld()
    {
        using var folder = new SourceFolder();
        new WrittenRun().Steps(2000, layers: [new { layer = "fc1", calls = 1, rms = 0.5 }]).WriteTo(folder.In("run"));
        var passed = new List<WeakReference>();

        foreach (var record in RunDirectory.Open(folder.In("run")).Records())
        {
            passed.Add(new(record));
            if (passed.Count == 2000)
            {
                GC.Collect();
                Assert.InRange(passed.Count(record => record.IsAlive), 1, 10);
            }
        }

        Assert.Equal(2000, passed.Count);
    }
}
