#if SUPPRESSED
#pragma warning disable GG5001, GG2004
#endif
using TorchSharp;

public static class Gated
{
    public static torch.Tensor Loss(torch.Tensor logits, torch.Tensor target)
    {
        return torch.nn.functional.cross_entropy(torch.nn.functional.softmax(logits, 1), target);
    }

    public static torch.Tensor Squash(torch.Tensor x)
    {
        var unused = 1;
        return 1 / (1 + torch.exp(-x));
    }
}
