using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>Plain models of the usual kinds, made of modules.</summary>
internal static class Models
{
    public static Module<Tensor, Tensor> Mlp(params long[] widths)
    {
        var layers = new List<Module<Tensor, Tensor>>();
        for (var i = 0; i + 1 < widths.Length; i++)
        {
            layers.Add(Linear(widths[i], widths[i + 1]));
            if (i + 2 < widths.Length)
                layers.Add(ReLU());
        }

        return Sequential(layers);
    }

    /// <summary>3×3 convolutions with ReLU and pooling on 1×28×28 images, then a classifier of ten classes.</summary>
    public static Module<Tensor, Tensor> Cnn(params long[] channels)
    {
        var layers = new List<Module<Tensor, Tensor>>();
        long from = 1, size = 28;
        foreach (var to in channels)
        {
            layers.Add(Conv2d(from, to, 3, padding: 1));
            layers.Add(ReLU());
            layers.Add(MaxPool2d(2));
            (from, size) = (to, size / 2);
        }

        layers.Add(Flatten());
        layers.Add(Linear(from * size * size, 10));
        return Sequential(layers);
    }

    /// <summary>A language model over 100 tokens: embedding, pre-norm blocks, logits for every token.</summary>
    public static Module<Tensor, Tensor> Transformer(long width, int blocks)
    {
        var layers = new List<Module<Tensor, Tensor>> { Embedding(100, width) };
        for (var block = 0; block < blocks; block++)
            layers.Add(new TransformerBlock(width, heads: 4));
        layers.Add(LayerNorm(width));
        layers.Add(Linear(width, 100));
        layers.Add(Flatten(0, 1));
        return Sequential(layers);
    }
}

/// <summary>LSTM over <c>[N, T, F]</c> and a classifier of ten classes on its last output.</summary>
internal sealed class LstmClassifier : Module<Tensor, Tensor>
{
    private readonly LSTM _lstm;
    private readonly Linear _classifier;

    public LstmClassifier(long inputs, long units, int layers)
        : base(nameof(LstmClassifier))
    {
        _lstm = LSTM(inputs, units, layers, batchFirst: true);
        _classifier = Linear(units, 10);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var (outputs, _, _) = _lstm.call(input);
        return _classifier.call(outputs.select(1, -1));
    }
}

/// <summary>Pre-norm self-attention and a ReLU feed-forward of four times the width, each around a residual.</summary>
internal sealed class TransformerBlock : Module<Tensor, Tensor>
{
    private readonly long _heads;
    private readonly LayerNorm _norm1;
    private readonly LayerNorm _norm2;
    private readonly Linear _queryKeyValue;
    private readonly Linear _project;
    private readonly Linear _expand;
    private readonly ReLU _activation;
    private readonly Linear _contract;

    public TransformerBlock(long width, long heads)
        : base(nameof(TransformerBlock))
    {
        _heads = heads;
        _norm1 = LayerNorm(width);
        _norm2 = LayerNorm(width);
        _queryKeyValue = Linear(width, 3 * width);
        _project = Linear(width, width);
        _expand = Linear(width, 4 * width);
        _activation = ReLU();
        _contract = Linear(4 * width, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var attended = x + _project.call(Attend(_norm1.call(x)));
        return attended + _contract.call(_activation.call(_expand.call(_norm2.call(attended))));
    }

    private Tensor Attend(Tensor x)
    {
        var (batch, tokens, width) = (x.shape[0], x.shape[1], x.shape[2]);
        var parts = _queryKeyValue.call(x).reshape(batch, tokens, 3, _heads, width / _heads).permute(2, 0, 3, 1, 4).unbind(0);
        var attended = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]);
        return attended.transpose(1, 2).reshape(batch, tokens, width);
    }
}
