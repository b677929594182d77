namespace GradGuard.Monitor.Capture;

/// <summary>
/// Whether any model is watched: the one test that code with interceptors pays without a monitor. A class of its own, without
/// initialisers, so that reading the field is all there is to it.
/// </summary>
internal static class WatchSwitch
{
    private static volatile bool _isOn;

    /// <summary>True while a monitor is attached.</summary>
    public static bool IsOn
    {
        get => _isOn;
        set => _isOn = value;
    }
}
