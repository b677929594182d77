using System.ComponentModel;
using GradGuard.Monitor.Capture;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Instrumentation;

/// <summary>
/// One intercepted call of <c>forward</c>. The monitor hears of it as it would through <c>call</c>; hooks that the program
/// registered itself stay as silent as <c>forward</c> keeps them, so that watching changes no result.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ForwardCall : IDisposable
{
    private readonly CallFrame? _before;
    private readonly CallFrame? _frame;
    private readonly int _watchers;

    private ForwardCall(CallFrame? before, CallFrame frame, int watchers) => (_before, _frame, _watchers) = (before, frame, watchers);

    /// <summary>The argument to run on, the one given or one of the same values whose gradient is watched.</summary>
    public T Input<T>(T input)
    {
        var frame = _frame;
        for (var watcher = 0; watcher < _watchers; watcher++, frame = frame.Outer)
            input = (T)frame!.Model.BeforeForward(frame.Layer, input)!;
        return input;
    }

    /// <summary>The call returned.</summary>
    /// <param name="input">The argument that it ran on.</param>
    /// <param name="result">What it returned.</param>
    public void Returned<TInput, TResult>(TInput input, TResult result)
    {
        var frame = _frame;
        for (var watcher = 0; watcher < _watchers; watcher++, frame = frame.Outer)
            frame!.Model.AfterForward(frame.Layer, input, result);
    }

    /// <summary>The call ended, by return or by exception.</summary>
    public void Dispose()
    {
        if (_watchers > 0)
            CallChain.Current = _before;
    }

    /// <summary>Begins a call. A <c>forward</c> that hands over to another of its own object is no second call.</summary>
    internal static ForwardCall Begin(nn.Module module)
    {
        CallChain.Ask();
        var before = CallChain.Current;
        if (ReferenceEquals(before?.Layer.Module, module))
            return default;
        var (frame, watchers) = (before, 0);
        foreach (var model in WatchedModel.All)
        {
            if (model.Find(module) is not { } layer)
                continue;
            frame = CallChain.Over(frame, model, layer);
            watchers++;
        }

        if (watchers == 0)
            return default;
        CallChain.Current = frame;
        return new ForwardCall(before, frame!, watchers);
    }
}
