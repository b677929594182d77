using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Rules.Initialization;

namespace GradGuard.Analyzers.Rules.Saturation;

/// <summary>
/// GG2006: a deep stack of rectified layers with the library's weights, of gain 1/√3 where √2 would keep the signal: the gradient shrinks with every
/// layer and, as the biases take over, more and more units are on or off for every sample alike.
/// </summary>
internal sealed class GG2006DeepRectifiers() : ModelRule(SaturationDescriptors.DeepRectifiers)
{
    public override void Check(ModelContext model)
    {
        foreach (var stack in HiddenStack.In(model))
        {
            var rectified = stack.Layers.Where(layer => layer.Advice.IsForRectifiers && layer.Following.Activation is not null).ToList();
            if (rectified.Count == 0)
                continue;
            var starved = stack.Between.Where(layer => layer.Layer.Weight.IsDefault && rectified.Contains(layer) && layer.Shortfall is not null).ToList();
            var place = rectified[0].Following.Activation!.Location;
            if (stack.GradientRatio < model.Read(GG2002DeepSaturation.MinGradientRatio, place) && stack.AreToBlame(starved))
                Report(model, stack, rectified);
        }
    }

    private static void Report(ModelContext model, HiddenStack stack, List<StackedLayer> rectified)
    {
        var (activation, last) = (rectified[0].Following.Activation!, rectified[rectified.Count - 1]);
        model.Report(new(
            SaturationDescriptors.DeepRectifiers,
            activation.Location,
            rectified.Count,
            Describe.Activation(activation.Kind),
            Describe.Layer(stack.First.Layer),
            Describe.Number(stack.GradientRatio),
            Describe.Layer(stack.Last.Layer),
            model.Signal[last.Following.Activation!].DeadShare is > 0.1 and var dead ? $", and {Describe.Share(dead)} of the units behind {Describe.Layer(last.Layer)} start off for every sample" : "",
            stack.AssumesUnitInput ? " (inputs taken to be of unit RMS)" : "")
        {
            AdditionalLocations = [.. stack.Layers.Select(layer => layer.Layer.Location).Distinct()],
        });
    }
}
