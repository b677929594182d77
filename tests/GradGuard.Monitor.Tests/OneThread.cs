using System.Runtime.CompilerServices;
using TorchSharp;

namespace GradGuard.Monitor.Tests;

/// <summary>
/// One torch thread for all tests of this assembly: sums come out the same on any machine, and the threads of several test processes do not
/// wait for each other's turn on a small one.
/// </summary>
internal static class OneThread
{
    [ModuleInitializer]
    internal static void Set() => torch.set_num_threads(1);
}
