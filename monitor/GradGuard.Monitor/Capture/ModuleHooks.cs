using System.Reflection;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>Hears of each call of a module.</summary>
internal interface ICallListener
{
    /// <summary>The module is about to run.</summary>
    /// <param name="layer">Which.</param>
    /// <param name="input">Its first argument.</param>
    /// <returns>The argument to run it on: the same values, possibly watched for their gradient.</returns>
    object? BeforeCall(HookedLayer layer, object? input);

    /// <summary>The module ran.</summary>
    /// <param name="layer">Which.</param>
    /// <param name="input">Its first argument.</param>
    /// <param name="output">What it returned.</param>
    void AfterCall(HookedLayer layer, object? input, object? output);
}

/// <summary>Puts forward hooks on modules of every arity TorchSharp knows.</summary>
internal static class ModuleHooks
{
    private static readonly Dictionary<Type, string> Arities = new()
    {
        [typeof(nn.Module<,>)] = nameof(Attach1),
        [typeof(nn.Module<,,>)] = nameof(Attach2),
        [typeof(nn.Module<,,,>)] = nameof(Attach3),
        [typeof(nn.Module<,,,,>)] = nameof(Attach4),
        [typeof(nn.Module<,,,,,>)] = nameof(Attach5),
        [typeof(nn.Module<,,,,,,>)] = nameof(Attach6),
    };

    /// <summary>Hooks a module.</summary>
    /// <param name="layer">The module.</param>
    /// <param name="withInput">True to also hear of it before it runs.</param>
    /// <param name="listener">Told of each call.</param>
    /// <returns>An action that removes the hooks; null where the module has no <c>call</c>, such as a list.</returns>
    public static Action? Attach(HookedLayer layer, bool withInput, ICallListener listener)
    {
        for (var type = layer.Module.GetType(); type is not null; type = type.BaseType)
        {
            if (!type.IsGenericType || !Arities.TryGetValue(type.GetGenericTypeDefinition(), out var method))
                continue;
            var attach = typeof(ModuleHooks).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(type.GetGenericArguments());
            return (Action)attach.Invoke(null, [layer.Module, layer, withInput, listener])!;
        }

        return null;
    }

    private static T Before<T>(ICallListener listener, HookedLayer layer, T input) => (T)listener.BeforeCall(layer, input)!;

    private static TResult After<TResult>(ICallListener listener, HookedLayer layer, object? input, TResult result)
    {
        listener.AfterCall(layer, input, result);
        return result;
    }

    private static Action Attach1<T, TResult>(nn.Module<T, TResult> module, HookedLayer layer, bool withInput, ICallListener listener)
    {
        var after = module.register_forward_hook((_, x, y) => After(listener, layer, x, y));
        var before = withInput ? module.register_forward_pre_hook((_, x) => Before(listener, layer, x)) : null;
        return () => { after.remove(); before?.remove(); };
    }

    private static Action Attach2<T1, T2, TResult>(
        nn.Module<T1, T2, TResult> module, HookedLayer layer, bool withInput, ICallListener listener)
    {
        var after = module.register_forward_hook((_, x, _, y) => After(listener, layer, x, y));
        var before = withInput ? module.register_forward_pre_hook((_, x1, x2) => (Before(listener, layer, x1), x2)) : null;
        return () => { after.remove(); before?.remove(); };
    }

    private static Action Attach3<T1, T2, T3, TResult>(
        nn.Module<T1, T2, T3, TResult> module, HookedLayer layer, bool withInput, ICallListener listener)
    {
        var after = module.register_forward_hook((_, x, _, _, y) => After(listener, layer, x, y));
        var before = withInput ? module.register_forward_pre_hook((_, x1, x2, x3) => (Before(listener, layer, x1), x2, x3)) : null;
        return () => { after.remove(); before?.remove(); };
    }

    private static Action Attach4<T1, T2, T3, T4, TResult>(
        nn.Module<T1, T2, T3, T4, TResult> module, HookedLayer layer, bool withInput, ICallListener listener)
    {
        var after = module.register_forward_hook((_, x, _, _, _, y) => After(listener, layer, x, y));
        var before = withInput
            ? module.register_forward_pre_hook((_, x1, x2, x3, x4) => (Before(listener, layer, x1), x2, x3, x4))
            : null;
        return () => { after.remove(); before?.remove(); };
    }

    private static Action Attach5<T1, T2, T3, T4, T5, TResult>(
        nn.Module<T1, T2, T3, T4, T5, TResult> module, HookedLayer layer, bool withInput, ICallListener listener)
    {
        var after = module.register_forward_hook((_, x, _, _, _, _, y) => After(listener, layer, x, y));
        var before = withInput
            ? module.register_forward_pre_hook((_, x1, x2, x3, x4, x5) => (Before(listener, layer, x1), x2, x3, x4, x5))
            : null;
        return () => { after.remove(); before?.remove(); };
    }

    private static Action Attach6<T1, T2, T3, T4, T5, T6, TResult>(
        nn.Module<T1, T2, T3, T4, T5, T6, TResult> module, HookedLayer layer, bool withInput, ICallListener listener)
    {
        var after = module.register_forward_hook((_, x, _, _, _, _, _, y) => After(listener, layer, x, y));
        var before = withInput
            ? module.register_forward_pre_hook((_, x1, x2, x3, x4, x5, x6) => (Before(listener, layer, x1), x2, x3, x4, x5, x6))
            : null;
        return () => { after.remove(); before?.remove(); };
    }
}
