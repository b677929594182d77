using System.Reflection;

namespace GradGuard.Cli.Formats;

/// <summary>How the tool names itself in what it writes.</summary>
internal static class ToolInfo
{
    public const string Name = "GradGuard";

    public const string Address = "https://github.com/gradguard/gradguard";

    /// <summary>Three numbers, without the commit.</summary>
    public static string Version { get; } = typeof(ToolInfo).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
