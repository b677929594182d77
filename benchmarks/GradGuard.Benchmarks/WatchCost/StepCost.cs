using System.Globalization;

namespace GradGuard.Benchmarks.WatchCost;

/// <summary>What a step of a group took.</summary>
/// <param name="Microseconds">Processor time of all threads: the median of the group's steps.</param>
/// <param name="Bytes">Managed bytes allocated, on average.</param>
/// <param name="PageFaults">Minor page faults, on average; NaN where the system does not tell.</param>
internal readonly record struct StepCost(double Microseconds, double Bytes, double PageFaults)
{
    /// <summary>Runs a step several times and measures it.</summary>
    /// <param name="step">The step.</param>
    /// <param name="times">A buffer, one place for each time.</param>
    public static StepCost Of(Action step, double[] times)
    {
        var faults = Faults();
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        for (var time = 0; time < times.Length; time++)
        {
            var start = Environment.CpuUsage.TotalTime;
            step();
            times[time] = (Environment.CpuUsage.TotalTime - start).TotalMicroseconds;
        }

        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        faults = Faults() - faults;
        return new StepCost(Quartiles.Of(times).Median, (double)bytes / times.Length, faults / times.Length);
    }

    /// <summary>Field 10 of <c>/proc/self/stat</c>, counted behind the command, which may hold blanks (proc_pid_stat(5)).</summary>
    private static double Faults()
    {
        if (!OperatingSystem.IsLinux())
            return double.NaN;
        var stat = File.ReadAllText("/proc/self/stat");
        return double.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[7], CultureInfo.InvariantCulture);
    }
}
