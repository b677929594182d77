using GradGuard.Monitor;
using GradGuard.SampleModels.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.SampleModels.Models;

/// <summary>
/// Reads an image row by row, 28 steps. The recurrent weights are drawn with standard deviation 0.25 over 64 units, a spectral
/// radius of about 2: each step back multiplies the gradient again, and nothing clips it.
/// </summary>
public sealed class ExplodingRnn : Module<Tensor, Tensor>, ITrainsItself
{
    private readonly RNN rnn = RNN(28, 64, nonLinearity: NonLinearities.ReLU, batchFirst: true);
    private readonly Linear output = Linear(64, 10);

    public ExplodingRnn() : base(nameof(ExplodingRnn))
    {
        init.normal_(rnn.get_weight_hh(0)!, std: 0.25);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var (states, _) = rnn.call(input.view(-1, 28, 28));
        return output.call(states.select(1, -1));
    }

    public Tensor TrainStep(Tensor input, Tensor target, optim.Optimizer optimizer, GradientMonitor? monitor)
    {
        optimizer.zero_grad();
        var loss = functional.cross_entropy(call(input), target);
        loss.backward();
        monitor?.Observe(loss);
        optimizer.step();
        return loss;
    }
}

/// <summary>The same network with orthogonal recurrent weights, which keep a vector's length, and with its gradient clipped.</summary>
public sealed class ExplodingRnnClipped : Module<Tensor, Tensor>, ITrainsItself
{
    private readonly RNN rnn = RNN(28, 64, nonLinearity: NonLinearities.ReLU, batchFirst: true);
    private readonly Linear output = Linear(64, 10);

    public ExplodingRnnClipped() : base(nameof(ExplodingRnnClipped))
    {
        init.orthogonal_(rnn.get_weight_hh(0)!);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var (states, _) = rnn.call(input.view(-1, 28, 28));
        return output.call(states.select(1, -1));
    }

    public Tensor TrainStep(Tensor input, Tensor target, optim.Optimizer optimizer, GradientMonitor? monitor)
    {
        optimizer.zero_grad();
        var loss = functional.cross_entropy(call(input), target);
        loss.backward();
        nn.utils.clip_grad_norm_(parameters(), max_norm: 1);
        monitor?.Observe(loss);
        optimizer.step();
        return loss;
    }
}

/// <summary>An LSTM in its place: its cell state carries the gradient back by gates near 1 instead of a matrix.</summary>
public sealed class ExplodingRnnLstm : Module<Tensor, Tensor>, ITrainsItself
{
    private readonly LSTM lstm = LSTM(28, 64, batchFirst: true);
    private readonly Linear output = Linear(64, 10);

    public ExplodingRnnLstm() : base(nameof(ExplodingRnnLstm)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var (states, _, _) = lstm.call(input.view(-1, 28, 28));
        return output.call(states.select(1, -1));
    }

    public Tensor TrainStep(Tensor input, Tensor target, optim.Optimizer optimizer, GradientMonitor? monitor)
    {
        optimizer.zero_grad();
        var loss = functional.cross_entropy(call(input), target);
        loss.backward();
        nn.utils.clip_grad_norm_(parameters(), max_norm: 1);
        monitor?.Observe(loss);
        optimizer.step();
        return loss;
    }
}
