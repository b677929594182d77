using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules.Initialization;

/// <summary>
/// A rule about initializers that draw weights too small for a stack of hidden layers, shown at the initializer. One call that draws the weights of
/// several layers, as in a loop over modules, is shown once, for the first of them.
/// </summary>
internal abstract class StarvingWeightsRule(DiagnosticDescriptor descriptor) : ModelRule(descriptor)
{
    /// <summary>
    /// RMS gradient at the first hidden layer over that at the last, below which weights that the program chose count as too small. A tenth: seven ReLU
    /// layers under Xavier weights keep 0.125, eight 0.09.
    /// </summary>
    public static readonly RuleOption MinGradientKept = new("min_gradient_kept", 0.1);

    public override void Check(ModelContext model)
    {
        foreach (var stack in HiddenStack.In(model))
        {
            var suspects = stack.Between.Where(layer => !layer.Layer.Weight.IsDefault && IsTooSmall(layer)).ToList();
            if (suspects.Count == 0 || !stack.AreToBlame(suspects))
                continue;
            foreach (var found in suspects.GroupBy(layer => layer.Layer.Weight.Location).Select(group => group.First()))
                Report(model, stack, found);
        }
    }

    /// <summary>True where the rule holds a layer's weights, which the program has drawn itself, for too small.</summary>
    protected abstract bool IsTooSmall(StackedLayer layer);

    /// <summary>What the weights are, as the beginning of a sentence that goes on with "let the layer hand back …".</summary>
    protected abstract string Describes(StackedLayer layer);

    private void Report(ModelContext model, HiddenStack stack, StackedLayer found)
    {
        var location = found.Layer.Weight.Location;
        if (stack.GradientRatio >= model.Read(MinGradientKept, location) || found.HandsBack is not { } kept)
            return;
        model.Report(new(
            Descriptors[0],
            location,
            Describes(found),
            Describe.Layer(found.Layer),
            Describe.Number(kept),
            Describe.Layer(stack.First.Layer),
            Describe.Number(stack.GradientRatio),
            Describe.Layer(stack.Last.Layer),
            Describe.Number(found.Advice.Std!.Value),
            found.Advice.Initializer,
            stack.AssumesUnitInput ? " (inputs taken to be of unit RMS)" : "")
        {
            Properties = ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Initializer, found.Advice.Initializer),
        });
    }
}
