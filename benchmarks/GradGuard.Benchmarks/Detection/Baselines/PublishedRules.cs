using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Baselines;

/// <summary>
/// The rules that training checkers publish, from their formulas: absolute thresholds on what one step shows. Each is asked at
/// every 20th step, and has spoken when it holds once.
/// </summary>
internal sealed class PublishedRules : IDisposable
{
    /// <summary>A ReLU of whose outputs 70% or more are zero, element by element.</summary>
    public const string Zeros = "zeros ≥ 70%";

    /// <summary>A weight whose mean absolute gradient is under 1e-7.</summary>
    public const string TinyGradient = "mean abs(g) < 1e-7";

    /// <summary>Mean absolute gradient of the first weight over the last under 1e-3, and of the first under 1e-4.</summary>
    public const string VanishingRatio = "first/last < 1e-3";

    /// <summary>Mean absolute gradient of the first weight over the last above 70.</summary>
    public const string ExplodingRatio = "first/last > 70";

    /// <summary>All rules.</summary>
    public static readonly IReadOnlyList<string> All = [Zeros, TinyGradient, VanishingRatio, ExplodingRatio];

    private const int Interval = 20;
    private readonly nn.Module _model;
    private readonly List<Action> _unhook = [];
    private readonly HashSet<string> _fired = [];
    private bool _looks;

    public PublishedRules(nn.Module model)
    {
        _model = model;
        foreach (var relu in model.modules().OfType<ReLU>())
        {
            var hook = relu.register_forward_hook((_, _, output) =>
            {
                if (_looks)
                    Note(Zeros, Mean(output.eq(0)) >= 0.7);
                return output;
            });
            _unhook.Add(hook.remove);
        }
    }

    /// <summary>The rules that held at least once.</summary>
    public IReadOnlySet<string> Fired => _fired;

    /// <summary>Called before the forward pass.</summary>
    public void BeginStep(int step) => _looks = step % Interval == 0;

    /// <summary>Called after backward.</summary>
    public void Observe()
    {
        if (!_looks)
            return;
        using var scope = NewDisposeScope();
        var means = _model.parameters()
            .Where(static parameter => parameter.dim() >= 2)
            .Select(static parameter => parameter.grad).OfType<Tensor>()
            .Select(static gradient => Mean(gradient.abs())).ToArray();
        if (means.Length == 0)
            return;
        Note(TinyGradient, means.Any(static mean => mean < 1e-7));
        Note(VanishingRatio, means[0] < 1e-3 * means[^1] && means[0] < 1e-4);
        Note(ExplodingRatio, means[0] > 70 * means[^1]);
    }

    /// <inheritdoc/>
    public void Dispose() => _unhook.ForEach(static remove => remove());

    private void Note(string rule, bool holds)
    {
        if (holds)
            _fired.Add(rule);
    }

    private static double Mean(Tensor values)
    {
        using (values)
        using (var mean = values.to_type(ScalarType.Float32).mean())
            return mean.item<float>();
    }
}
