using GradGuard.Analyzers.Torch;

namespace GradGuard.Benchmarks.Prediction;

/// <summary>A random model and the shape of its input.</summary>
internal sealed record RandomModel(Block Body, long[] InputShape);

/// <summary>A kind of architecture to draw random models from.</summary>
/// <param name="Name">As given to <c>--family</c>.</param>
/// <param name="Target">Largest error of the gradient ratio aimed at, at the 95th percentile.</param>
/// <param name="Draw">Draws one architecture; its weights are drawn when it runs.</param>
internal sealed record ModelFamily(string Name, double Target, Func<Random, RandomModel> Draw)
{
    private const long Batch = 64;

    /// <summary>Images give each unit many positions a sample.</summary>
    private const long ImageBatch = 16;

    public static IReadOnlyList<ModelFamily> All { get; } =
    [
        new("mlp", 1.2, Mlp),
        new("cnn", 1.5, Cnn),
        new("residual", 1.5, ResidualMlp),
        new("norm", 1.5, Norm),
        new("dropout", 1.5, Dropout),
        new("rnn", 1.5, random => Recurrent(random, LayerKind.Rnn)),
        new("lstm", 1.5, random => Recurrent(random, LayerKind.Lstm)),
        new("gru", 1.5, random => Recurrent(random, LayerKind.Gru)),
        new("post-norm", 1.5, PostNormTransformer),
        new("pre-norm", 1.5, PreNormTransformer),
    ];

    private static RandomModel Mlp(Random random)
    {
        var kind = Pick(random, ActivationKind.Sigmoid, ActivationKind.Tanh, ActivationKind.Relu);
        return Dense(random, random.Next(2, 11), _ => [new ActivationBlock(kind)]);
    }

    private static RandomModel Dropout(Random random)
    {
        var kind = Pick(random, ActivationKind.Tanh, ActivationKind.Relu, ActivationKind.Gelu);
        return Dense(random, random.Next(2, 9), _ => [new ActivationBlock(kind), new DropoutBlock(0.1 * random.Next(1, 7))]);
    }

    private static RandomModel Norm(Random random)
    {
        var kind = Pick(random, ActivationKind.Sigmoid, ActivationKind.Tanh, ActivationKind.Relu, ActivationKind.Silu);
        var norm = Pick(random, NormalizationKind.Batch, NormalizationKind.Layer);
        var isImage = norm is NormalizationKind.Batch && random.Next(2) == 0;
        if (!isImage)
            return Dense(random, random.Next(2, 11), width => [new NormalizationBlock(norm, width, 1), new ActivationBlock(kind)]);
        var image = Pick(random, NormalizationKind.Batch, NormalizationKind.Group);
        return Image(random, random.Next(2, 9), channels => [new NormalizationBlock(image, channels, 4), new ActivationBlock(kind)]);
    }

    private static RandomModel Cnn(Random random)
    {
        var kind = Pick(random, ActivationKind.Tanh, ActivationKind.Relu, ActivationKind.Gelu);
        return Image(random, random.Next(2, 9), _ => [new ActivationBlock(kind)]);
    }

    private static RandomModel ResidualMlp(Random random)
    {
        var kind = Pick(random, ActivationKind.Tanh, ActivationKind.Relu, ActivationKind.Gelu);
        var width = Width(random);
        var law = Law(random);
        var blocks = new List<Block> { new LinearBlock(Width(random), width, law) };
        var withNorm = random.Next(2) == 0;
        for (var i = random.Next(1, 9); i > 0; i--)
        {
            Block[] branch = [new ActivationBlock(kind), new LinearBlock(width, width, law), new ActivationBlock(kind), new LinearBlock(width, width, law)];
            blocks.Add(new Residual(new Chain(withNorm ? [new NormalizationBlock(NormalizationKind.Layer, width, 1), .. branch] : branch)));
        }
        blocks.Add(new ActivationBlock(kind));
        blocks.Add(new LinearBlock(width, 10, law));
        return new(new Chain(blocks), [Batch, ((LinearBlock)blocks[0]).In]);
    }

    private static RandomModel Recurrent(Random random, LayerKind kind)
    {
        var (width, hidden, steps) = (random.Next(4, 129), random.Next(32, 257), random.Next(2, 51));
        var law = Pick(random, WeightLaw.Default, WeightLaw.Orthogonal, WeightLaw.XavierUniform, WeightLaw.Normal(random.Next(5, 16) / 10.0 / Math.Sqrt(hidden)));
        return new(
            new Chain([new RecurrentBlock(kind, width, hidden, steps, law), new LinearBlock(hidden, 10, WeightLaw.Default)]),
            [Batch, steps, width]);
    }

    /// <summary>The library's encoder blocks between an embedding of each position and a classifier over their mean.</summary>
    private static RandomModel PostNormTransformer(Random random)
    {
        var (heads, width) = Attention(random);
        var (hidden, dropout, activation) = (width * random.Next(1, 5), 0.1 * random.Next(3), Pick(random, ActivationKind.Relu, ActivationKind.Gelu));
        var blocks = Enumerable.Range(0, random.Next(1, 7)).Select(_ => new EncoderLayerBlock(width, heads, hidden, dropout, activation));
        return Sequences(random, width, positions: 0, blocks);
    }

    /// <summary>The same with normalization before each branch, attention by the library's module or written by hand.</summary>
    private static RandomModel PreNormTransformer(Random random)
    {
        var (heads, width) = Attention(random);
        var (hidden, activation) = (width * random.Next(1, 5), Pick(random, ActivationKind.Relu, ActivationKind.Gelu));
        var isWritten = random.Next(2) == 0;
        var law = isWritten ? Pick(random, WeightLaw.Default, WeightLaw.XavierUniform) : WeightLaw.Default;
        var blocks = new List<Block>();
        for (var i = random.Next(1, 7); i > 0; i--)
        {
            Block attention = isWritten ? new WrittenAttentionBlock(width, law) : new SelfAttentionBlock(width, heads);
            blocks.Add(new Residual(new Chain([new NormalizationBlock(NormalizationKind.Layer, width, 1), attention])));
            blocks.Add(new Residual(new Chain(
            [
                new NormalizationBlock(NormalizationKind.Layer, width, 1), new LinearBlock(width, hidden, law), new ActivationBlock(activation), new LinearBlock(hidden, width, law),
            ])));
        }
        blocks.Add(new NormalizationBlock(NormalizationKind.Layer, width, 1));
        return Sequences(random, width, positions: isWritten ? 1 : 0, blocks);
    }

    private static RandomModel Sequences(Random random, long width, int positions, IEnumerable<Block> blocks)
    {
        long features = random.Next(8, 129);
        long length = random.Next(4, 65);
        return new(
            new Chain([new LinearBlock(features, width, WeightLaw.Default), .. blocks, new MeanBlock(positions), new LinearBlock(width, 10, WeightLaw.Default)]),
            positions == 0 ? [length, ImageBatch, features] : [ImageBatch, length, features]);
    }

    /// <summary>Heads of 8 to 64 units, 32 to 256 units in all.</summary>
    private static (long Heads, long Width) Attention(Random random)
    {
        long width = 32 << random.Next(4);
        return (Pick(random, 1, 2, 4), width);
    }

    private static RandomModel Dense(Random random, int depth, Func<long, Block[]> between)
    {
        var law = Law(random);
        var widths = Enumerable.Range(0, depth + 1).Select(_ => Width(random)).ToArray();
        var blocks = new List<Block>();
        for (var i = 0; i < depth; i++)
        {
            blocks.Add(new LinearBlock(widths[i], widths[i + 1], law));
            if (i < depth - 1)
                blocks.AddRange(between(widths[i + 1]));
        }
        return new(new Chain(blocks), [Batch, widths[0]]);
    }

    private static RandomModel Image(Random random, int depth, Func<long, Block[]> between)
    {
        var law = Law(random);
        long channels = random.Next(1, 4);
        var extent = 8 * random.Next(2, 5);
        var blocks = new List<Block>();
        long[] shape = [ImageBatch, channels, extent, extent];
        for (var i = 0; i < depth; i++)
        {
            long next = 8 * random.Next(2, 9);
            var isStrided = extent >= 8 && random.Next(6) == 0;
            blocks.Add(new ConvolutionBlock(channels, next, Pick(random, 1, 3, 3, 5), isStrided ? 2 : 1, law));
            blocks.AddRange(between(next));
            channels = next;
            extent = isStrided ? (extent + 1) / 2 : extent;
            if (extent % 2 == 0 && extent >= 8 && random.Next(3) == 0)
            {
                blocks.Add(new PoolingBlock(Pick(random, PoolingKind.Max, PoolingKind.Average), 2));
                extent /= 2;
            }
        }
        var isGlobal = random.Next(2) == 0;
        if (isGlobal)
            blocks.Add(new PoolingBlock(PoolingKind.Average, null));
        blocks.Add(new FlattenBlock());
        blocks.Add(new LinearBlock(isGlobal ? channels : channels * extent * extent, 10, law));
        return new(new Chain(blocks), shape);
    }

    /// <summary>Between 32 and 512, evenly on a logarithmic scale.</summary>
    private static long Width(Random random) => (long)(32 * Math.Pow(16, random.NextDouble()));

    private static WeightLaw Law(Random random) => random.Next(5) switch
    {
        0 => WeightLaw.Default,
        1 => WeightLaw.XavierUniform,
        2 => WeightLaw.KaimingNormal,
        3 => WeightLaw.Orthogonal,
        _ => WeightLaw.Normal(Math.Pow(10, -2 * random.NextDouble())),
    };

    private static T Pick<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];
}
