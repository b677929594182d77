using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.SampleModels.Models;

/// <summary>A small Transformer over the 28 rows of an image: two pre-norm blocks, learned positions, the mean over rows as summary.</summary>
public sealed class HealthyTransformer : Module<Tensor, Tensor>
{
    private readonly Linear embed = Linear(28, 32);
    private readonly Parameter positions = Parameter(randn(28, 32) * 0.02);
    private readonly TransformerBlock block1 = new(32, heads: 4);
    private readonly TransformerBlock block2 = new(32, heads: 4);
    private readonly LayerNorm norm = LayerNorm(32);
    private readonly Linear output = Linear(32, 10);

    public HealthyTransformer() : base(nameof(HealthyTransformer)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var x = embed.call(input.view(-1, 28, 28)) + positions;
        x = block2.call(block1.call(x));
        return output.call(norm.call(x).mean([1]));
    }
}

/// <summary>Attention, then a feed-forward network, each after a layer norm and beside a residual connection. Shape [batch, length, width].</summary>
public sealed class TransformerBlock : Module<Tensor, Tensor>
{
    private readonly int heads;
    private readonly LayerNorm norm1;
    private readonly Linear queries;
    private readonly Linear keys;
    private readonly Linear values;
    private readonly Linear merge;
    private readonly LayerNorm norm2;
    private readonly Linear expand;
    private readonly GELU gelu = GELU();
    private readonly Linear contract;
    private readonly Dropout dropout = Dropout(0.1);

    public TransformerBlock(long width, int heads) : base(nameof(TransformerBlock))
    {
        this.heads = heads;
        norm1 = LayerNorm(width);
        queries = Linear(width, width);
        keys = Linear(width, width);
        values = Linear(width, width);
        merge = Linear(width, width);
        norm2 = LayerNorm(width);
        expand = Linear(width, 4 * width);
        contract = Linear(4 * width, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = input + dropout.call(Attend(norm1.call(input)));
        return x + dropout.call(contract.call(gelu.call(expand.call(norm2.call(x)))));
    }

    private Tensor Attend(Tensor x)
    {
        var (batch, length, width) = (x.shape[0], x.shape[1], x.shape[2]);
        Tensor Split(Tensor projected) => projected.view(batch, length, heads, width / heads).transpose(1, 2);

        var (q, k, v) = (Split(queries.call(x)), Split(keys.call(x)), Split(values.call(x)));
        var scores = q.matmul(k.transpose(-2, -1)) / Math.Sqrt(width / heads);
        var attended = functional.softmax(scores, -1).matmul(v);
        return merge.call(attended.transpose(1, 2).reshape(batch, length, width));
    }
}
