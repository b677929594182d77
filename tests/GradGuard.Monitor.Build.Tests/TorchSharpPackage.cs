using System.Reflection;

namespace GradGuard.Monitor.Build.Tests;

/// <summary>The TorchSharp package as restored, found by MSBuild and written into this assembly.</summary>
internal static class TorchSharpPackage
{
    public static string LinuxLibrary { get; } = Path.Combine(
        typeof(TorchSharpPackage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "TorchSharpPackage").Value!,
        "runtimes/linux-x64/native/libLibTorchSharp.so");
}
