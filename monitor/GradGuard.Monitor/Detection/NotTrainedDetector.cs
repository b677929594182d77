using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// GG9011: trainable parameters that no gradient ever reached, because their module was never called or because what it returned was
/// cut off from the loss. Frozen parameters are exempt, and so is a branch that is taken now and then.
/// </summary>
internal sealed class NotTrainedDetector : IDetector
{
    /// <summary>Steps without a single call before a module counts as never called: a branch taken once in 100 steps stays out by chance in 0.7% of runs.</summary>
    public const long StepsWithoutCall = 500;

    /// <summary>Readings in which the module was called and its parameter got no gradient.</summary>
    public const int CalledReadings = 20;

    private readonly NamedStates<string, bool> _trained = new();
    private readonly Dictionary<string, int> _calledInVain = [];

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
    {
        if (!record.Sampled)
            yield break;
        List<ParameterRecord>? waiting = null;
        for (var place = 0; place < record.Parameters.Count; place++)
        {
            var parameter = record.Parameters[place];
            if (parameter.Gradient is not null)
                _trained.At(place, parameter.Name) = true;
            else if (parameter.RequiresGrad && !_trained.Of(parameter.Name))
                (waiting ??= []).Add(parameter);
        }

        // Nearly every reading ends here.
        if (waiting is null)
            yield break;
        var called = record.Layers.Select(static layer => layer.Layer.Path).ToHashSet();
        foreach (var layer in waiting.GroupBy(static parameter => parameter.Layer))
        {
            var isCalled = called.Contains(layer.Key);
            var inVain = _calledInVain[layer.Key] = _calledInVain.GetValueOrDefault(layer.Key) + (isCalled ? 1 : 0);
            if (isCalled && inVain >= CalledReadings)
                yield return CutOff(layer.Key, [.. layer.Select(static parameter => parameter.Name)], inVain);
            else if (record.Step + 1 >= StepsWithoutCall && record.NeverCalled.Contains(layer.Key))
                yield return NeverCalled(layer.Key, [.. layer.Select(static parameter => parameter.Name)], record.Step + 1);
        }
    }

    /// <inheritdoc/>
    public void Persist(StateArchive archive)
    {
        _trained.Persist(archive, archive.Value, static _ => true);
        archive.Items(_calledInVain, archive.Value, archive.Value);
    }

    private static Finding CutOff(string layer, string[] names, int readings)
        => new("GG9011", AlertSeverity.Warning, layer,
            $"{Named(names)} got no gradient in any of {readings} steps read in which the layer was called: what it returns does not reach the loss",
            "Look for detach(), no_grad, item() or an unused result between this layer and the loss; freeze the parameters if that is meant.",
            new Dictionary<string, double> { ["parameters"] = names.Length, ["readings"] = readings });

    private static Finding NeverCalled(string layer, string[] names, long steps)
        => new("GG9011", AlertSeverity.Warning, layer,
            $"it was not called once in {steps} steps, and {Named(names)} never got a gradient",
            "Call it in forward, or remove it: it takes memory, and a saved model claims weights that never trained.",
            new Dictionary<string, double> { ["parameters"] = names.Length, ["steps"] = steps });

    private static string Named(string[] names) => names.Length switch
    {
        1 => names[0],
        2 => $"{names[0]} and {names[1]}",
        _ => $"{names[0]} and {names.Length - 1} more parameters",
    };
}
