using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Instrumentation.Tests.Watching;

/// <summary>Weights of std 1 before sigmoids, activations called as functions.</summary>
internal sealed class LargeWeights : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(256, 128);
    private readonly Linear fc2 = Linear(128, 64);
    private readonly Linear head = Linear(64, 16);

    public LargeWeights()
        : base("large")
    {
        init.normal_(fc1.weight!, 0, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = fc1.forward(input).sigmoid();
        x = functional.relu(fc2.forward(x));
        return head.forward(x);
    }
}

/// <summary>Its width, depth and scale are given, and have defaults.</summary>
internal sealed class Configured : Module<Tensor, Tensor>
{
    private readonly ModuleList<Linear> layers = [];
    private readonly Linear head;

    public Configured(int width = 128, int depth = 2, double std = 0.1)
        : base("configured")
    {
        for (var index = 0; index < depth; index++)
        {
            layers.Add(Linear(index == 0 ? 256 : width, width));
            init.normal_(layers[index].weight!, 0, std);
        }

        head = Linear(width, 16);
        RegisterComponents();
    }

    public Linear Head => head;

    public override Tensor forward(Tensor input)
    {
        var x = input;
        foreach (var layer in layers)
            x = functional.relu(layer.forward(x));
        return head.forward(x);
    }
}

/// <summary>A layer in between is one that no compiler can know.</summary>
internal sealed class Unfollowed(Module<Tensor, Tensor> given) : Module<Tensor, Tensor>("unfollowed")
{
    private readonly Linear before = Linear(256, 64);
    private readonly Module<Tensor, Tensor> given = given;
    private readonly Linear behind = Linear(64, 16);

    /// <summary>As a constructor of the usual kind would at its end.</summary>
    public Unfollowed Registered()
    {
        RegisterComponents();
        return this;
    }

    public override Tensor forward(Tensor input) => behind.forward(given.forward(before.forward(input)));
}
