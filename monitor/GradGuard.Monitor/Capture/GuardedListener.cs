using GradGuard.Monitor.Sampling;

namespace GradGuard.Monitor.Capture;

/// <summary>
/// Stands between the program's forward pass and the capture: times it, lets none of its faults through, and one call at a time where
/// the program runs branches of its model in parallel. Calls that the capture makes nothing of on the coming step cost none of that.
/// </summary>
internal sealed class GuardedListener(ForwardCapture capture, OverheadMeter meter) : ICallListener
{
    private readonly object _turn = new();

    /// <summary>The first fault; nothing is passed on after it.</summary>
    public Exception? Fault { get; private set; }

    /// <inheritdoc/>
    public object? BeforeCall(HookedLayer layer, object? input)
    {
        if (Fault is not null || !capture.TakesInputOf(layer))
            return input;
        lock (_turn)
            return Before(layer, input);
    }

    /// <inheritdoc/>
    public void AfterCall(HookedLayer layer, object? input, object? output)
    {
        layer.Called = true;
        if (Fault is not null || !capture.TakesOutputOf(layer))
            return;
        lock (_turn)
            After(layer, input, output);
    }

    private object? Before(HookedLayer layer, object? input)
    {
        var start = meter.Now();
        try
        {
            return capture.BeforeCall(layer, input);
        }
        catch (Exception fault)
        {
            Fault = fault;
            return input;
        }
        finally
        {
            meter.Add(start);
        }
    }

    private void After(HookedLayer layer, object? input, object? output)
    {
        var start = meter.Now();
        try
        {
            capture.AfterCall(layer, input, output);
        }
        catch (Exception fault)
        {
            Fault = fault;
        }
        finally
        {
            meter.Add(start);
        }
    }
}
