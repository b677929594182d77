using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>Layers from the arguments they are created with, with TorchSharp's own first values.</summary>
internal static class LayerCreation
{
    /// <summary>The layer, null for a module without weights.</summary>
    public static Layer? Of(TorchOperation operation, ITypeSymbol type, ArgumentMap arguments, Location location) => operation switch
    {
        TorchOperation.Layer { Kind: LayerKind.Convolution or LayerKind.TransposedConvolution } layer => Convolution(layer.Kind, type, arguments, location),
        TorchOperation.Layer { Kind: LayerKind.TransformerEncoder or LayerKind.TransformerDecoder } layer => Stack(layer.Kind, arguments, location),
        TorchOperation.Layer layer => Plain(layer.Kind, arguments, location),
        TorchOperation.Normalization { Kind: not NormalizationKind.LocalResponse } => Normalization(arguments, location),
        _ => null,
    };

    /// <summary>
    /// Linear and convolutions: kaiming_uniform with a = √5, which is uniform on ±1/√fan_in, and the bias on the same range. Recurrent layers:
    /// every weight uniform on ±1/√hidden. Embedding: N(0, 1). Attention: Xavier. As TorchSharp and libtorch do.
    /// </summary>
    private static WeightDistribution DefaultOf(LayerKind kind) => kind switch
    {
        LayerKind.Embedding => new WeightDistribution.Normal(0, 1),
        LayerKind.Attention or LayerKind.Transformer => new WeightDistribution.Xavier(1, IsUniform: true),
        _ => new WeightDistribution.FanInUniform(1),
    };

    private static Layer Plain(LayerKind kind, ArgumentMap arguments, Location location)
    {
        var hasBias = arguments.Truth("hasBias", "bias") ?? true;
        var isRecurrent = kind is LayerKind.Rnn or LayerKind.Lstm or LayerKind.Gru or LayerKind.RnnCell or LayerKind.LstmCell or LayerKind.GruCell;
        var given = arguments["weight"] ?? arguments["embeddings"] ?? Further(arguments["kdim"]) ?? Further(arguments["vdim"]);
        var weight = given is TensorValue { Node: TensorNode tensor }
            ? tensor.Layer.Weight
            : new Initialization(given is null ? DefaultOf(kind) : WeightDistribution.Unknown.Instance, location, IsDefault: given is null);
        var matrix = (given as TensorValue)?.Node.Shape;
        var width = arguments.Integer("embedded_dim", "d_model");
        return new Layer("", kind, location)
        {
            InFeatures = width ?? arguments.Integer("inputSize", "in1_features", "num_embeddings") ?? (kind is LayerKind.Linear ? matrix?[1] : matrix?[0]),
            OutFeatures = width ?? arguments.Integer("outputSize", "out_features", "hiddenSize", "embedding_dims") ?? (kind is LayerKind.Linear ? matrix?[0] : matrix?[1]),
            Groups = arguments["num_heads", "nhead"] is { } heads ? heads.AsInteger() : 1,
            Depth = arguments["numLayers", "num_encoder_layers"] is { } depth ? depth.AsInteger() : 1,
            Bidirectional = arguments.Truth("bidirectional") ?? false,
            HasBias = hasBias,
            Dropout = arguments["dropout"] is { } dropout ? dropout.AsNumber() : 0,
            SecondInFeatures = arguments.Integer("in2_features"),
            FeedForward = arguments.Integer("dim_feedforward"),
            FeedForwardActivation = arguments.Integer("activation") switch
            {
                0 => ActivationKind.Relu,
                1 => ActivationKind.Gelu,
                _ => null,
            },
            Weight = weight,
            Bias = hasBias && kind is not LayerKind.Embedding ? Bias(kind, location) : null,
            RecurrentWeight = isRecurrent ? weight : null,
        };
    }

    /// <summary>Widths of their own give keys and values matrices of their own, drawn by another law than the common one.</summary>
    private static Value? Further(Value? width) => width.IsGiven() ? width : null;

    private static Initialization Bias(LayerKind kind, Location location) =>
        new(kind is LayerKind.Attention ? new WeightDistribution.Constant(0) : new WeightDistribution.FanInUniform(1), location, IsDefault: true);

    private static Layer Convolution(LayerKind kind, ITypeSymbol type, ArgumentMap arguments, Location location)
    {
        var dimensions = type.Name[type.Name.Length - 2] - '0';
        var kernel = Extents(arguments["kernel_size"], dimensions, 1);
        var dilation = Extents(arguments["dilation"], dimensions, 1);
        var isSame = arguments.All.Any(argument => argument.Parameter is { Name: "padding", Type.Name: "Padding" } && argument.Value.AsInteger() == 1);
        var isNamed = arguments.All.Any(argument => argument.Parameter is { Name: "padding", Type.Name: "Padding" });
        return new Layer("", kind, location)
        {
            InFeatures = arguments.Integer("in_channels"),
            OutFeatures = arguments.Integer("out_channels"),
            Kernel = kernel,
            Stride = Extents(arguments["stride"], dimensions, 1),
            Padding = isSame ? [.. kernel.Zip(dilation, (k, d) => d * (k - 1) / 2)]
                : Extents(isNamed ? null : arguments["padding"], dimensions, 0),
            Dilation = dilation,
            Groups = arguments["groups"] is { } groups ? groups.AsInteger() : 1,
            HasBias = arguments.Truth("bias") ?? true,
            Weight = new(new WeightDistribution.FanInUniform(1), location, IsDefault: true),
            Bias = arguments.Truth("bias") is false ? null : new(new WeightDistribution.FanInUniform(1), location, IsDefault: true),
        };
    }

    private static ImmutableArray<long?> Extents(Value? value, int dimensions, long absent)
    {
        var extents = value is null || value.IsNull() ? [absent] : value.AsExtents() ?? [null];
        return extents.Count == dimensions ? [.. extents] : [.. Enumerable.Repeat(extents[0], Math.Max(1, dimensions))];
    }

    private static Layer Stack(LayerKind kind, ArgumentMap arguments, Location location)
    {
        var inner = (arguments.At(0) as ModuleValue)?.Layer;
        return new Layer("", kind, location)
        {
            InFeatures = inner?.InFeatures,
            OutFeatures = inner?.OutFeatures,
            Groups = inner?.Groups,
            Depth = arguments.Integer("num_layers"),
            Dropout = inner?.Dropout,
            FeedForward = inner?.FeedForward,
            FeedForwardActivation = inner?.FeedForwardActivation,
            Weight = inner?.Weight ?? new(new WeightDistribution.FanInUniform(1), location, IsDefault: true),
            Bias = inner?.Bias,
        };
    }

    private static Layer Normalization(ArgumentMap arguments, Location location)
    {
        var features = arguments["num_features", "num_channels", "normalized_shape"]?.AsExtents() is { } extents
            ? extents.Aggregate((long?)1, (product, extent) => product * extent)
            : null;
        var isAffine = arguments.Truth("affine", "elementwise_affine") ?? true;
        return new Layer("", LayerKind.Normalization, location)
        {
            InFeatures = features,
            OutFeatures = features,
            Groups = arguments["num_groups"] is { } groups ? groups.AsInteger() : 1,
            HasBias = isAffine && (arguments.Truth("bias") ?? true),
            Weight = new(new WeightDistribution.Constant(1), location, IsDefault: true),
            Bias = isAffine && (arguments.Truth("bias") ?? true) ? new(new WeightDistribution.Constant(0), location, IsDefault: true) : null,
        };
    }
}
