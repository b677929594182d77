using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>What decides which values have a graph, and where gradients start: backward, grad modes, requires_grad.</summary>
internal sealed partial class Interpreter
{
    /// <summary>Follows a call about gradients; null for a call that is not understood by that alone.</summary>
    private Value? FollowGradients(IInvocationOperation call, IMethodSymbol method, Value? receiver, ArgumentMap arguments)
    {
        switch (_symbols.TrainingCallOf(method))
        {
            case TrainingCallKind.Backward when (receiver ?? arguments.At(0)) is { } target:
                AddBackward(target, arguments, call.Syntax.GetLocation());
                return ConstantValue.Null;
            case TrainingCallKind.NoGrad:
                SetGradMode(isOn: false);
                return null;
            case TrainingCallKind.InferenceMode:
                SetGradMode(arguments.All.Count > 0 && arguments.All[0].Value.AsTruth() is false);
                return null;
            case TrainingCallKind.EnableGrad or TrainingCallKind.SetGradEnabled:
                SetGradMode(arguments.All.Count == 0 || arguments.All[0].Value.AsTruth() is true);
                return null;
            case null when method.Name is "requires_grad_" or "with_requires_grad" or "set_requires_grad":
                RequireGradient(receiver, arguments.All.Count == 0 ? ConstantValue.True : arguments.All[0].Value);
                return null;
            default:
                return null;
        }
    }

    /// <summary><c>backward()</c> on one tensor or on several at once.</summary>
    private void AddBackward(Value target, ArgumentMap arguments, Location location)
    {
        var retains = Or(IsSet(arguments, "retain_graph"), IsSet(arguments, "create_graph"));
        var targets = new Operands(target, ArgumentMap.Empty).Tensors.Select(tensor => Node(tensor, location)).ToArray();
        if (targets.Length == 1)
            Emitter.Add(new BackwardNode(targets[0], retains, location));
        else if (targets.Length > 1)
            Emitter.Add(new BackwardNode(Emitter.Add(new ConcatNode(location, targets)), retains, location));
    }

    /// <summary>Whether a flag that is off by default is on; null where that is not known.</summary>
    private static bool? IsSet(ArgumentMap arguments, string flag) =>
        arguments[flag] is null || arguments.IsLeftAtDefault(flag) ? false : arguments.Truth(flag);

    /// <summary>Holds until the block ends that the call stands in: there a <c>using</c> gives the mode back.</summary>
    private void SetGradMode(bool isOn) => Emitter.Scope = new(isOn ? ControlKind.GradientsOn : ControlKind.GradientsOff, Emitter.Scope);

    private void RequireGradient(Value? tensor, Value mode)
    {
        if (tensor is TensorValue { Node: var node })
            node.RequiresGradient |= mode.AsTruth() is not false;
        Emitter.Freezes |= mode.AsTruth() is not true;
    }
}
