using GradGuard.Monitor.Recording;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>A module under watch.</summary>
internal sealed class HookedLayer
{
    private readonly Parameter[] _own;

    private HookedLayer(LayerDescription description, nn.Module module, Parameter[] own, bool isLeaf, bool tellsGradient)
    {
        (Description, Module, _own, IsLeaf, TellsGradient) = (description, module, own, isLeaf, tellsGradient);

        // Asked in every call, of code and data that training has pushed out of the caches: each object on the way is fetched from memory.
        IsModel = description.Path.Length == 0;
        Encloses = IsModel || !IsTorchSharp(module);
    }

    /// <summary>What is known of it before anything ran.</summary>
    public LayerDescription Description { get; }

    /// <summary>The module itself.</summary>
    public nn.Module Module { get; }

    /// <summary>True for the model itself.</summary>
    public bool IsModel { get; }

    /// <summary>True when it has no children: only then are its outputs read, since a container repeats its last child's.</summary>
    public bool IsLeaf { get; }

    /// <summary>
    /// True when the gradient by what it returns tells what those by the layers around it do not. A function with a bounded slope and without parameters
    /// loses and makes none: a CNN has twice as many of these as of others.
    /// </summary>
    public bool TellsGradient { get; }

    /// <summary>
    /// True when that gradient is worth the copy that backward makes of it, also past the start. A layer that only scales and shifts, as normalisation does, is no place of the
    /// profile over depth, and the gradients of its own parameters tell whether what came was finite.
    /// </summary>
    public bool KeepsGradient => TellsGradient && (Description.HasWeights || !Array.Exists(_own, static parameter => !parameter.IsInvalid && parameter.requires_grad));

    /// <summary>True for a module that passes a gradient exactly where what it returned is positive.</summary>
    public bool PassesWherePositive => Module is ReLU;

    /// <summary>True for max pooling over windows that do not meet: the gradient by each element that it returned goes to one that it took.</summary>
    public bool PoolsApart => Module is MaxPool2d pool
        && (pool.stride is null || pool.stride.SequenceEqual(pool.kernel_size)) && (pool.padding?.All(static padding => padding == 0) ?? true) && (pool.dilation?.All(static dilation => dilation == 1) ?? true);

    /// <summary>Whether <see cref="PooledGradients"/> tell the gradient by what it returns; null while that is not known.</summary>
    public bool? IsToldByPooling { get; set; }

    /// <summary>True when it runs a whole sequence in one call.</summary>
    public bool TakesSequence => Description.Recurrence is RecurrenceKind.Plain or RecurrenceKind.Gated;

    /// <summary>True when its code is the program's, which may call activation functions, or when it is the model itself.</summary>
    public bool Encloses { get; }

    /// <summary>True once its input, where no activation that is known made it, held a negative value: then it is no rectifier's and no sigmoid's, and there is nothing to look for in it.</summary>
    public bool TakesNegatives { get; set; }

    /// <summary>How long the program keeps what it returns.</summary>
    public TensorLifetime Lifetime { get; } = new();

    /// <summary>True once it was called, in whatever mode.</summary>
    public bool Called { get; set; }

    /// <summary>Looks a module over.</summary>
    public static HookedLayer Of(string path, nn.Module module)
    {
        Parameter[] own = [.. module.named_parameters(recurse: false).Select(static named => named.parameter).Where(static parameter => !parameter.IsInvalid)];
        var weight = Array.Find(own, static parameter => parameter.dim() >= 2);
        var isConvolution = module.GetType().Name.StartsWith("Conv", StringComparison.Ordinal) && IsTorchSharp(module);
        return new HookedLayer(
            new LayerDescription
            {
                Path = path,
                Type = module.GetType().FullName ?? module.GetType().Name,
                Activation = ActivationOf(module),
                Recurrence = RecurrenceOf(module),
                HasWeights = weight is not null,
                IsConvolution = isConvolution,
                FanIn = weight is null || !IsTorchSharp(module) ? null : FanIn(weight),
                Units = weight is null || !IsTorchSharp(module) ? null : weight.shape[0],
            },
            module,
            own,
            isLeaf: !module.named_children().Any(),
            tellsGradient: !HasBoundedSlope(module));
    }

    /// <summary>An activation that the program calls as a function.</summary>
    /// <param name="path">Its path, made of the module's and of its place in the code.</param>
    /// <param name="place">Where in the code.</param>
    /// <param name="module">The module whose code calls it.</param>
    public static HookedLayer OfActivation(string path, ActivationPlace place, nn.Module module) => new(
        new LayerDescription
        {
            Path = path,
            Type = place.Function,
            Activation = place.IsGate ? ActivationKind.None : ActivationOf(place.Function),
            Recurrence = place.IsState ? RecurrenceKind.PlainCell : RecurrenceKind.None,
            IsFunction = true,
        },
        module,
        own: [],
        isLeaf: true,
        tellsGradient: place.IsState);

    private static bool IsTorchSharp(nn.Module module) => module.GetType().Assembly == typeof(nn.Module).Assembly;

    /// <summary>Weights of TorchSharp's layers are <c>[out, in, kernel…]</c>.</summary>
    private static long FanIn(Tensor weight)
    {
        long fanIn = 1;
        foreach (var size in weight.shape.AsSpan(1))
            fanIn *= size;
        return fanIn;
    }

    /// <summary>TorchSharp's own functions whose derivative is bounded wherever their input is finite, so that no NaN is born in it.</summary>
    private static bool HasBoundedSlope(nn.Module module) => module
        is ReLU or ReLU6 or LeakyReLU or ELU or SELU or CELU or GELU or SiLU or Mish or Hardswish or Hardsigmoid or Hardtanh or Sigmoid or Tanh or Softplus
        or Softmax or Softmax2d or LogSoftmax or LogSigmoid
        or Dropout or Dropout1d or Dropout2d or Dropout3d or AlphaDropout or Identity or Flatten or Unflatten
        or MaxPool1d or MaxPool2d or MaxPool3d or AvgPool1d or AvgPool2d or AvgPool3d
        or AdaptiveAvgPool1d or AdaptiveAvgPool2d or AdaptiveAvgPool3d or AdaptiveMaxPool1d or AdaptiveMaxPool2d or AdaptiveMaxPool3d;

    private static ActivationKind ActivationOf(nn.Module module) => module switch
    {
        ReLU or ReLU6 => ActivationKind.Rectifier,
        Sigmoid => ActivationKind.Sigmoid,
        Tanh => ActivationKind.Tanh,
        _ => ActivationKind.None,
    };

    private static ActivationKind ActivationOf(string function) => function switch
    {
        "relu" or "relu6" => ActivationKind.Rectifier,
        "sigmoid" or "expit" => ActivationKind.Sigmoid,
        "tanh" => ActivationKind.Tanh,
        _ => ActivationKind.None,
    };

    private static RecurrenceKind RecurrenceOf(nn.Module module) => module switch
    {
        RNN => RecurrenceKind.Plain,
        LSTM or GRU => RecurrenceKind.Gated,
        RNNCell => RecurrenceKind.PlainCell,
        LSTMCell or GRUCell => RecurrenceKind.GatedCell,
        _ => RecurrenceKind.None,
    };
}
