namespace GradGuard.Monitor.Recording;

/// <summary>What of a step record goes into its line: figures, not the counts of every unit.</summary>
internal static class RecordProjection
{
    /// <summary>The line of a sampled step.</summary>
    /// <param name="record">The step.</param>
    /// <param name="losses">Losses of the steps since the line before, this one's last.</param>
    /// <param name="waiting">Updates that were read since the line before.</param>
    public static RecordDocument Line(StepRecord record, IReadOnlyList<double?> losses, IReadOnlyList<UpdateDocument> waiting) => new(
        record.Step,
        losses,
        [.. record.Parameters.Select(static parameter => new ParameterDocument(
            parameter.Name, parameter.Weight?.Norm, parameter.Gradient?.Norm,
            (parameter.Weight?.NonFinite ?? 0) + (parameter.Gradient?.NonFinite ?? 0)))],
        [.. waiting, .. record.Updates.Select(static update => new UpdateDocument(update.Name, update.Norm, update.Ratio))],
        [.. record.Layers.Select(Activation)]);

    /// <summary>The updates of a step that has no line of its own.</summary>
    public static IEnumerable<UpdateDocument> Waiting(StepRecord record)
        => record.Updates.Select(update => new UpdateDocument(update.Name, update.Norm, update.Ratio, record.Step - 1));

    private static ActivationDocument Activation(LayerRecord layer)
    {
        var values = layer.Output ?? layer.ComputedInput;
        return new ActivationDocument(
            layer.Layer.Path, layer.Source?.Path, layer.Calls, values?.Mean, values?.Rms, values?.Min, values?.Max, values?.ZeroShare,
            values is { SaturatedShare: >= 0 } ? values.SaturatedShare : null, values?.NonFinite, layer.Units?.Active.Length,
            layer.Units?.NeverActive, layer.Gradient?.Norm, layer.TimeGradients);
    }
}
