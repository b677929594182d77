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
    /// <param name="model">Told of each call.</param>
    /// <returns>An action that removes the hooks; null where the module has no <c>call</c>, such as a list.</returns>
    public static Action? Attach(HookedLayer layer, bool withInput, WatchedModel model)
    {
        for (var type = layer.Module.GetType(); type is not null; type = type.BaseType)
        {
            if (!type.IsGenericType || !Arities.TryGetValue(type.GetGenericTypeDefinition(), out var method))
                continue;
            var attach = typeof(ModuleHooks).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(type.GetGenericArguments());
            return (Action)attach.Invoke(null, [layer.Module, layer, withInput, model])!;
        }

        return null;
    }

    private static T Before<T>(WatchedModel model, HookedLayer layer, T input)
        => model.IsFollowed ? (T)model.BeforeCall(layer, input)! : input;

    /// <summary>Most calls of a small model have nothing to tell: they must not cost more than this look, of code and data that training pushes out of the caches each time.</summary>
    private static TResult After<T, TResult>(WatchedModel model, HookedLayer layer, T input, TResult result)
    {
        if (model.IsFollowed || !layer.Called)
            model.AfterCall(layer, input, result);
        return result;
    }

    private static Action Attach1<T, TResult>(nn.Module<T, TResult> module, HookedLayer layer, bool withInput, WatchedModel model)
    {
        var after = module.register_forward_hook((_, x, y) => After(model, layer, x, y));
        var before = withInput ? module.register_forward_pre_hook((_, x) => Before(model, layer, x)) : null;
        return () => { after.remove(); before?.remove(); };
    }

    private static Action Attach2<T1, T2, TResult>(
        nn.Module<T1, T2, TResult> module, HookedLayer layer, bool withInput, WatchedModel model)
    {
        var after = module.register_forward_hook((_, x, _, y) => After(model, layer, x, y));
        var before = withInput ? module.register_forward_pre_hook((_, x1, x2) => (Before(model, layer, x1), x2)) : null;
        return () => { after.remove(); before?.remove(); };
    }

    private static Action Attach3<T1, T2, T3, TResult>(
        nn.Module<T1, T2, T3, TResult> module, HookedLayer layer, bool withInput, WatchedModel model)
    {
        var after = module.register_forward_hook((_, x, _, _, y) => After(model, layer, x, y));
        var before = withInput ? module.register_forward_pre_hook((_, x1, x2, x3) => (Before(model, layer, x1), x2, x3)) : null;
        return () => { after.remove(); before?.remove(); };
    }

    private static Action Attach4<T1, T2, T3, T4, TResult>(
        nn.Module<T1, T2, T3, T4, TResult> module, HookedLayer layer, bool withInput, WatchedModel model)
    {
        var after = module.register_forward_hook((_, x, _, _, _, y) => After(model, layer, x, y));
        var before = withInput
            ? module.register_forward_pre_hook((_, x1, x2, x3, x4) => (Before(model, layer, x1), x2, x3, x4))
            : null;
        return () => { after.remove(); before?.remove(); };
    }

    private static Action Attach5<T1, T2, T3, T4, T5, TResult>(
        nn.Module<T1, T2, T3, T4, T5, TResult> module, HookedLayer layer, bool withInput, WatchedModel model)
    {
        var after = module.register_forward_hook((_, x, _, _, _, _, y) => After(model, layer, x, y));
        var before = withInput
            ? module.register_forward_pre_hook((_, x1, x2, x3, x4, x5) => (Before(model, layer, x1), x2, x3, x4, x5))
            : null;
        return () => { after.remove(); before?.remove(); };
    }

    private static Action Attach6<T1, T2, T3, T4, T5, T6, TResult>(
        nn.Module<T1, T2, T3, T4, T5, T6, TResult> module, HookedLayer layer, bool withInput, WatchedModel model)
    {
        var after = module.register_forward_hook((_, x, _, _, _, _, _, y) => After(model, layer, x, y));
        var before = withInput
            ? module.register_forward_pre_hook((_, x1, x2, x3, x4, x5, x6) => (Before(model, layer, x1), x2, x3, x4, x5, x6))
            : null;
        return () => { after.remove(); before?.remove(); };
    }
}
