using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>A module of a watched model that is running.</summary>
/// <param name="Model">The watched model.</param>
/// <param name="Layer">The module.</param>
/// <param name="Outer">What was running when it was called; null for nothing.</param>
internal sealed record CallFrame(WatchedModel Model, HookedLayer Layer, CallFrame? Outer);

/// <summary>
/// The modules that are running right now, innermost first. Follows the flow of control, also into tasks, so that models that train
/// at the same time do not mix.
/// </summary>
internal static class CallChain
{
    private static readonly AsyncLocal<CallFrame?> Innermost = new();
    private static volatile bool _isAsked;

    /// <summary>
    /// True once code with interceptors, or a probe, told of something: nobody else asks what is running, and an <see cref="AsyncLocal{T}"/> that changes twice a module is a quarter to a half
    /// of what hooks take in a step that is not read.
    /// </summary>
    public static bool IsAsked => _isAsked;

    /// <summary>The innermost running module; null outside of all watched models.</summary>
    public static CallFrame? Current
    {
        get
        {
            var frame = Innermost.Value;
            while (frame is { Model.IsEnded: true })
                frame = frame.Outer;
            return frame;
        }
        set => Innermost.Value = value;
    }

    /// <summary>The frames of the innermost module: one for each watched model that contains it.</summary>
    public static IEnumerable<CallFrame> OfInnermost()
    {
        Ask();
        var module = Current?.Layer.Module;
        for (var frame = Current; frame is not null && ReferenceEquals(frame.Layer.Module, module); frame = frame.Outer)
            yield return frame;
    }

    /// <summary>Something is told from inside of a module, here or soon.</summary>
    public static void Ask() => _isAsked = true;

    /// <summary>A frame for a module that is being called. A model's own call ends what an exception left of its call before.</summary>
    public static CallFrame Over(CallFrame? outer, WatchedModel model, HookedLayer layer)
    {
        if (layer.IsModel)
            outer = Outside(outer, model);
        return new CallFrame(model, layer, outer);
    }

    /// <summary>Ends whatever an exception left open of a model's calls, once its step is over.</summary>
    public static void LeaveAll(WatchedModel model)
    {
        if (Current is { } current && current.Model == model)
            Current = Outside(current, model);
    }

    /// <summary>Ends a module's call, and those inside it that an exception left open.</summary>
    public static void Leave(WatchedModel model, nn.Module module)
    {
        for (var frame = Current; frame is not null; frame = frame.Outer)
        {
            if (frame.Model != model || !ReferenceEquals(frame.Layer.Module, module))
                continue;
            Current = frame.Outer;
            return;
        }
    }

    private static CallFrame? Outside(CallFrame? frame, WatchedModel model)
    {
        while (frame?.Model == model)
            frame = frame.Outer;
        return frame;
    }
}
