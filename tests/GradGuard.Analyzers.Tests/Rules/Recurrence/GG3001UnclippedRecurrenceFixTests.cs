using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Recurrence;

namespace GradGuard.Analyzers.Tests.Rules.Recurrence;

public class GG3001UnclippedRecurrenceFixTests() : OneRuleTests("GG3001")
{
    [Fact]
    public Task Clips_BetweenBackwardAndStep_AndKeepsComments() => FixesInMethodAsync<GG3001UnclippedRecurrenceFix>(
        """
        var adam = optim.Adam(sequence.parameters());
        foreach (var (x, y) in batches)
        {
            adam.zero_grad();
            functional.mse_loss(sequence.call(x), y).backward(); // through time
            // now learn
            {|GG3001:adam.step()|}; // done
        }
        """,
        """
        var adam = optim.Adam(sequence.parameters());
        foreach (var (x, y) in batches)
        {
            adam.zero_grad();
            functional.mse_loss(sequence.call(x), y).backward(); // through time
            torch.nn.utils.clip_grad_norm_(sequence.parameters(), 1.0);
            // now learn
            adam.step(); // done
        }
        """);

    [Fact]
    public Task Clips_EveryStepOfADocument() => FixesInMethodAsync<GG3001UnclippedRecurrenceFix>(
        """
        var adam = optim.Adam(sequence.parameters());
        foreach (var (x, y) in batches)
        {
            adam.zero_grad();
            functional.mse_loss(sequence.call(x), y).backward();
            {|GG3001:adam.step()|};
        }
        var lstm = LSTM(4, 4);
        var sgd = optim.SGD(lstm.parameters(), 0.1);
        lstm.call(batches[0].x).Item1.sum().backward();
        {|GG3001:sgd.step()|};
        """,
        """
        var adam = optim.Adam(sequence.parameters());
        foreach (var (x, y) in batches)
        {
            adam.zero_grad();
            functional.mse_loss(sequence.call(x), y).backward();
            torch.nn.utils.clip_grad_norm_(sequence.parameters(), 1.0);
            adam.step();
        }
        var lstm = LSTM(4, 4);
        var sgd = optim.SGD(lstm.parameters(), 0.1);
        lstm.call(batches[0].x).Item1.sum().backward();
        torch.nn.utils.clip_grad_norm_(lstm.parameters(), 1.0);
        sgd.step();
        """);

    [Fact]
    public Task Clips_TheModuleThatTrainsItself() => FixesAsync<GG3001UnclippedRecurrenceFix>(
        """
        class Recurrent : Module<Tensor, Tensor>
        {
            private readonly RNN rnn = RNN(4, 4);
            public Recurrent() : base("recurrent") => RegisterComponents();
            public override Tensor forward(Tensor x) => rnn.call(x).Item1;
            public void Fit(Tensor x, optim.Optimizer optimizer)
            {
                call(x).mean().backward();
                {|GG3001:optimizer.step()|};
            }
        }
        """,
        """
        class Recurrent : Module<Tensor, Tensor>
        {
            private readonly RNN rnn = RNN(4, 4);
            public Recurrent() : base("recurrent") => RegisterComponents();
            public override Tensor forward(Tensor x) => rnn.call(x).Item1;
            public void Fit(Tensor x, optim.Optimizer optimizer)
            {
                call(x).mean().backward();
                torch.nn.utils.clip_grad_norm_(parameters(), 1.0);
                optimizer.step();
            }
        }
        """);

    [Fact]
    public Task AddsTheUsing_WhereTorchIsNotKnown() => FixesWholeFileAsync<GG3001UnclippedRecurrenceFix>(
        """
        // Trains.
        using TorchSharp.Modules;
        using static TorchSharp.torch;

        static class Script
        {
            static void Run(LSTM lstm, optim.Optimizer optimizer, Tensor x)
            {
                lstm.call(x).Item1.mean().backward();
                {|GG3001:optimizer.step()|};
            }
        }
        """,
        """
        // Trains.
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using TorchSharp;

        static class Script
        {
            static void Run(LSTM lstm, optim.Optimizer optimizer, Tensor x)
            {
                lstm.call(x).Item1.mean().backward();
                torch.nn.utils.clip_grad_norm_(lstm.parameters(), 1.0);
                optimizer.step();
            }
        }
        """);
}
