using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Capture;

/// <summary>Gives an activation that is no module the path of the module whose code calls it: <c>encoder.forward:relu@42</c>.</summary>
internal static class ActivationNaming
{
    /// <summary>The layer that stands for the activation.</summary>
    /// <param name="running">The innermost module that was seen to run.</param>
    /// <param name="place">Where in the code.</param>
    /// <param name="layers">All modules of the model.</param>
    public static HookedLayer Name(HookedLayer running, ActivationPlace place, IReadOnlyList<HookedLayer> layers)
    {
        var owner = OwnerOf(running, place, layers);
        var path = owner.Description.Path;
        var name = path.Length > 0 && IsType(owner.Module.GetType(), place.Type) ? place.LocalName : place.Name;
        return HookedLayer.OfActivation(path.Length == 0 ? name : $"{path}.{name}", place, owner.Module);
    }

    /// <summary>
    /// The running module when the code is its own; else the only module below it that the code belongs to, whose own call could not
    /// be seen; else the running module, which called a helper.
    /// </summary>
    private static HookedLayer OwnerOf(HookedLayer running, ActivationPlace place, IReadOnlyList<HookedLayer> layers)
    {
        if (IsCodeOf(running, place))
            return running;
        var prefix = running.Description.Path.Length == 0 ? "" : running.Description.Path + ".";
        var below = layers.Where(layer => layer.Description.Path.StartsWith(prefix, StringComparison.Ordinal) && IsCodeOf(layer, place)).Take(2).ToList();
        return below.Count == 1 ? below[0] : running;
    }

    private static bool IsCodeOf(HookedLayer layer, ActivationPlace place)
    {
        for (var type = layer.Module.GetType(); type is not null; type = type.BaseType)
        {
            if (IsType(type, place.Type))
                return true;
        }

        return false;
    }

    private static bool IsType(Type type, string name) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName == name;
}
