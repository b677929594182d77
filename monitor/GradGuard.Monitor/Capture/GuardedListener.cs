using GradGuard.Monitor.Sampling;

namespace GradGuard.Monitor.Capture;

/// <summary>Stands between the program's forward pass and the capture: times it, and lets none of its faults through.</summary>
internal sealed class GuardedListener(ICallListener inner, OverheadMeter meter) : ICallListener
{
    /// <summary>The first fault; nothing is passed on after it.</summary>
    public Exception? Fault { get; private set; }

    /// <inheritdoc/>
    public object? BeforeCall(HookedLayer layer, object? input)
    {
        if (Fault is not null)
            return input;
        var start = meter.Now();
        try
        {
            return inner.BeforeCall(layer, input);
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

    /// <inheritdoc/>
    public void AfterCall(HookedLayer layer, object? input, object? output)
    {
        if (Fault is not null)
            return;
        var start = meter.Now();
        try
        {
            inner.AfterCall(layer, input, output);
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
