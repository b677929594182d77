using GradGuard.Monitor;
using GradGuard.SampleModels.Catalogue;
using GradGuard.SampleModels.Datasets;
using static TorchSharp.torch;

namespace GradGuard.SampleModels.Training;

/// <summary>Trains one sample on its data. The order of the batches depends on <paramref name="seed"/> alone.</summary>
public sealed class Trainer(Sample sample, Dataset data, int seed)
{
    private const int EvaluationBatch = 500;

    /// <summary>Trains for <paramref name="steps"/> steps and tells <paramref name="progress"/> each step's number and loss.</summary>
    public void Train(nn.Module<Tensor, Tensor> model, int steps, GradientMonitor? monitor, Action<int, double>? progress = null)
    {
        // These models are too small to share among threads, and a sum's last bits depend on how many there are.
        set_num_threads(1);
        using var optimizer = sample.Optimizer(model.parameters());
        using var batches = Batches().GetEnumerator();
        model.train();
        for (int step = 0; step < steps && batches.MoveNext(); step++)
        {
            using var scope = NewDisposeScope();
            using var rows = tensor(batches.Current);
            var input = data.TrainInputs.index_select(0, rows);
            var target = data.TrainTargets.index_select(0, rows);
            var loss = model is ITrainsItself trainable
                ? trainable.TrainStep(input, target, optimizer, monitor)
                : Step(model, input, target, optimizer, monitor);
            progress?.Invoke(step, loss.item<float>());
        }
    }

    /// <summary>Mean loss and share of right answers over the test examples.</summary>
    public (double Loss, double Accuracy) Evaluate(nn.Module<Tensor, Tensor> model)
    {
        model.eval();
        using var withoutGradients = no_grad();
        long count = data.TestInputs.shape[0];
        double loss = 0;
        long right = 0;
        for (long start = 0; start < count; start += EvaluationBatch)
        {
            using var scope = NewDisposeScope();
            long length = Math.Min(EvaluationBatch, count - start);
            var target = data.TestTargets.narrow(0, start, length);
            var output = model.call(data.TestInputs.narrow(0, start, length));
            loss += sample.Task.Loss(output, target).item<float>() * length;
            right += sample.Task.IsRight(output, target).sum().item<long>();
        }

        return (loss / count, (double)right / count);
    }

    private Tensor Step(nn.Module<Tensor, Tensor> model, Tensor input, Tensor target, optim.Optimizer optimizer, GradientMonitor? monitor)
    {
        optimizer.zero_grad();
        var loss = sample.Task.Loss(model.call(input), target);
        loss.backward();
        if (sample.ClipNorm is { } norm) Clip(model, norm, monitor);
        monitor?.Observe(loss);
        optimizer.step();
        return loss;
    }

    /// <summary>The same bits either way; through the monitor, it knows the norm before.</summary>
    private static void Clip(nn.Module model, double norm, GradientMonitor? monitor)
    {
        if (monitor is null)
            nn.utils.clip_grad_norm_(model.parameters(), norm);
        else
            monitor.ClipGradNorm(model.parameters(), norm);
    }

    /// <summary>Row numbers of one batch after another, shuffled anew for each pass over the data; never ends.</summary>
    private IEnumerable<long[]> Batches()
    {
        var random = new Random(seed);
        var rows = new long[data.TrainInputs.shape[0]];
        for (int i = 0; i < rows.Length; i++) rows[i] = i;
        while (true)
        {
            random.Shuffle(rows);
            foreach (var batch in rows.Chunk(sample.BatchSize))
                yield return batch;
        }
    }
}
