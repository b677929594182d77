using GradGuard.Monitor.Recording;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>
/// The calls of a step that is not read, in their order, for the search that the first NaN begins. Most steps turn out sound, so where the program keeps what a layer returns until its step is
/// over, the call is noted as it is and torch is asked nothing: between two steps training takes the caches, and each question is answered from memory, in up to 4 µs where steps are long.
/// </summary>
internal sealed class TracedCalls
{
    private readonly List<Call> _calls = [];
    private readonly List<HeldTensor> _held = [];
    private readonly List<Tensor> _tensors = [];
    private Tensor? _modelInput;

    /// <summary>How long the program keeps the model's input.</summary>
    public TensorLifetime InputLifetime { get; } = new();

    /// <summary>The model's input, where it is held; null where it is noted only, before <see cref="Settle"/>.</summary>
    public HeldTensor? Input { get; private set; }

    /// <summary>True where the model's input must be held as soon as it is known.</summary>
    public bool AsksForInput => !InputLifetime.OutlastsSteps;

    /// <summary>Calls so far.</summary>
    public int Count => _calls.Count;

    /// <summary>Memory that they keep, in bytes.</summary>
    public long HeldBytes { get; private set; }

    private Tensor? NotedInput => _modelInput ?? (_calls.Count > 0 ? CallArguments.First(_calls[0].Input) : null);

    /// <summary>Holds the model's input; one without floating-point elements has no NaN.</summary>
    public void HoldInput(Tensor input)
    {
        if (Input is null && input.is_floating_point())
            Input = Keep(HeldTensor.Follow(input, InputLifetime));
    }

    /// <summary>A layer returned, or the model itself.</summary>
    /// <param name="layer">Which.</param>
    /// <param name="input">What it took.</param>
    /// <param name="output">What it returned.</param>
    public void Note(HookedLayer layer, object? input, object? output)
    {
        if (layer.IsModel)
            _modelInput ??= CallArguments.First(input);
        if (!layer.IsLeaf)
            return;
        if (AsksForInput && _calls.Count == 0 && CallArguments.First(input) is { IsInvalid: false } first)
            HoldInput(first);
        if (layer.Lifetime.OutlastsSteps && (_calls.Count == 0 || _calls[^1].Held is null))
        {
            HeldBytes += layer.Lifetime.Bytes;
            _calls.Add(new(layer, input, output, Held: null));
        }
        else if (Hold(layer, output) is { Length: > 0 } held)
        {
            HandOver(layer, CallArguments.First(input), held[0]);
            _calls.Add(new(layer, input, output, held));
        }
    }

    /// <summary>
    /// The calls with what is held of them. None where the program has let go of something against its habit: who made a NaN cannot be told without what it was made of, and it is better to say
    /// nothing than to name the next layer.
    /// </summary>
    public IReadOnlyList<FollowedCall> Settle()
    {
        if (Input is null && !AsksForInput && NotedInput is { } input)
            Input = Keep(HeldTensor.Borrow(input, InputLifetime));
        var settled = _calls.ConvertAll(Followed);
        _calls.Clear();
        return Input is { IsLost: true } || settled.Exists(static call => Array.Exists(call.Outputs, static output => output.IsLost)) ? [] : settled;
    }

    /// <summary>Lets go of everything.</summary>
    public void Clear()
    {
        if (Input is null && !AsksForInput && NotedInput is { IsInvalid: true })
            InputLifetime.StepEnded(lasts: false);
        foreach (var (layer, _, output, held) in _calls)
        {
            if (held is null && !CallArguments.AreValid(output))
                layer.Lifetime.StepEnded(lasts: false);
        }

        _calls.Clear();
        (_modelInput, HeldBytes) = (null, 0);
        if (_held.Count == 0)
            return;
        foreach (var held in _held)
            held.Dispose();
        _held.Clear();
        Input = null;
    }

    private HeldTensor[] Hold(HookedLayer layer, object? output)
    {
        CallArguments.AddTensors(output, _tensors);
        _tensors.RemoveAll(static tensor => tensor.IsInvalid);
        HeldTensor[] held = [.. _tensors.Select(tensor => Keep(HeldTensor.Follow(tensor, layer.Lifetime)))];
        _tensors.Clear();
        if (!layer.Lifetime.OutlastsSteps)
            layer.Lifetime.Bytes = held.Sum(static tensor => tensor.Bytes);
        HeldBytes += layer.Lifetime.Bytes;
        return held;
    }

    /// <summary>
    /// ReLU, sigmoid and tanh hand every NaN on, and autograd keeps what they return, but not what they were given: their output stands for their input, so that watching holds next to nothing
    /// that training would not.
    /// </summary>
    private void HandOver(HookedLayer layer, Tensor? input, HeldTensor output)
    {
        if (layer.Description.Activation == ActivationKind.None || _calls.Count == 0 || _calls[^1].Held is not [{ IsBorrowed: false } taken] || !taken.IsOf(input))
            return;
        HeldBytes -= taken.Bytes;
        taken.HandOver(output);
    }

    private FollowedCall Followed(Call call)
    {
        var (layer, input, output, held) = call;
        if (held is null)
        {
            CallArguments.AddTensors(output, _tensors);
            held = [.. _tensors.Select(tensor => Keep(HeldTensor.Borrow(tensor, layer.Lifetime)))];
            _tensors.Clear();
        }

        return new FollowedCall(layer, CallArguments.First(input), held, output is DerivedTensor);
    }

    private HeldTensor Keep(HeldTensor held)
    {
        _held.Add(held);
        return held;
    }

    /// <summary>A call as it was noted.</summary>
    /// <param name="Layer">What was called.</param>
    /// <param name="Input">What it took.</param>
    /// <param name="Output">What it returned.</param>
    /// <param name="Held">What is held of that; null where the program keeps it.</param>
    private readonly record struct Call(HookedLayer Layer, object? Input, object? Output, HeldTensor[]? Held);
}
