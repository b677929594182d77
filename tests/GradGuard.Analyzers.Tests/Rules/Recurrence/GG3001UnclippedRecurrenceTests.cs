using GradGuard.Analyzers.Tests.Verification;

namespace GradGuard.Analyzers.Tests.Rules.Recurrence;

public class GG3001UnclippedRecurrenceTests() : OneRuleTests("GG3001")
{
    private const string RecurrentModule =
        """
        public class Reader : Module<Tensor, Tensor>
        {
            private readonly GRU gru = GRU(4, 8);
            public Reader() : base("reader") => RegisterComponents();
            public override Tensor forward(Tensor x) => gru.call(x, null).Item1;
        }
        """;

    private const string BaseTrainer =
        """
        public class GeneralTrainer
        {
            private readonly Module<Tensor, Tensor> _model;
            private readonly optim.Optimizer _optimizer;

            public GeneralTrainer(Module<Tensor, Tensor> model)
            {
                _model = model;
                _optimizer = optim.Adam(model.parameters());
            }

            public void Step(Tensor x, Tensor y)
            {
                _optimizer.zero_grad();
                functional.mse_loss(_model.call(x), y).backward();
                STEP
            }
        }
        """;

    [Fact]
    public Task ForAModuleThatHoldsAnLstm_Triggers() => FindsInMethodAsync(
        """
        var adam = optim.Adam(sequence.parameters());
        foreach (var (x, y) in batches)
        {
            adam.zero_grad();
            functional.mse_loss(sequence.call(x), y).backward();
            {|GG3001:adam.step()|};
        }
        """);

    [Fact]
    public Task ForABareRnnAndAnOptimizerFromElsewhere_Triggers() => FindsAsync(
        """
        static class Script
        {
            public static void Run(RNN rnn, optim.Optimizer optimizer, Tensor x)
            {
                for (var i = 0; i < 10; i++)
                {
                    var (output, hidden) = rnn.call(x);
                    output.mean().backward();
                    {|GG3001:optimizer.step()|};
                    optimizer.zero_grad();
                }
            }
        }
        """);

    [Fact]
    public Task ForAModuleThatTrainsItself_Triggers() => FindsAsync(
        """
        class Recurrent : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor, Tensor> cell;
            public Recurrent() : base("recurrent")
            {
                cell = GRUCell(4, 4);
                RegisterComponents();
            }
            public override Tensor forward(Tensor x) => cell.call(x, x);
            public void Fit(Tensor x, Tensor y)
            {
                var optimizer = optim.RMSProp(parameters());
                for (var epoch = 0; epoch < 5; epoch++)
                {
                    optimizer.zero_grad();
                    var loss = functional.mse_loss(forward(x), y);
                    loss.backward();
                    {|GG3001:optimizer.step()|};
                }
            }
        }
        """);

    [Fact]
    public Task ForATrainerThatSeesTheBaseClassOnly_Triggers_WhereARecurrentModuleReachesIt() => FindsAsync(
        BaseTrainer.Replace("STEP", "{|GG3001:_optimizer.step()|};"),
        RecurrentModule,
        "static class Start { public static GeneralTrainer Make() => new GeneralTrainer(new Reader()); }");

    [Fact]
    public Task ForAnInterfaceAcrossFiles_Triggers_WhereTheFactoryReturnsARecurrentModule() => FindsAsync(
        """
        public static class Fitting
        {
            public static void Fit(torch.nn.IModule<Tensor, Tensor> model, optim.Optimizer optimizer, Tensor x)
            {
                model.call(x).mean().backward();
                {|GG3001:optimizer.step()|};
            }
        }
        """,
        RecurrentModule,
        """
        static class Start
        {
            static Module<Tensor, Tensor> Create(bool deep) => deep ? new Reader() : Linear(1, 1);
            static void Run(Tensor x)
            {
                var model = Create(true).to(CPU);
                Fitting.Fit(model, optim.SGD(model.parameters(), 0.1), x);
            }
        }
        """);

    [Fact]
    public Task ForTopLevelStatements_Triggers() => FindsAsync(
        """
        // top-level
        var lstm = LSTM(4, 4);
        var optimizer = optim.SGD(lstm.parameters(), 0.1);
        optimizer.zero_grad();
        lstm.call(randn(3, 2, 4)).Item1.sum().backward();
        {|GG3001:optimizer.step()|};
        """);

    [Fact]
    public Task ForAClosure_Triggers() => FindsInMethodAsync(
        """
        var lbfgs = optim.LBFGS(sequence.parameters(), 0.1);
        foreach (var (x, y) in batches)
        {
            {|GG3001:lbfgs.step(() =>
            {
                lbfgs.zero_grad();
                var loss = functional.mse_loss(sequence.call(x), y);
                loss.backward();
                return loss;
            })|};
        }
        """);

    [Theory]
    [InlineData("nn.utils.clip_grad_norm_(sequence.parameters(), 1.0);")]
    [InlineData("nn.utils.clip_grad_value_(sequence.parameters().ToArray(), 0.5);")]
    [InlineData("foreach (var p in sequence.parameters()) p.grad?.clamp_(-1, 1);")]
    [InlineData("foreach (var p in sequence.parameters()) { if (p.grad is { } g) g.mul_(1 / g.norm().item<float>()); }")]
    [InlineData("foreach (var g in sequence.parameters().Select(p => p.grad)) g.div_(g.norm());")]
    [InlineData("foreach (var p in sequence.parameters()) p.grad = p.grad.clamp(-1, 1);")]
    [InlineData("if (batches.Count > 3) nn.utils.clip_grad_norm_(sequence.parameters(), 1.0);")]
    [InlineData("Clip(sequence);")]
    [InlineData("new List<Parameter>(sequence.parameters()).ForEach(p => p.grad.clamp_(-1, 1));")]
    [InlineData("afterBackward();")]
    public Task ForAnyClippingBetweenBackwardAndStep_DoesNotTrigger(string clip) => FindsInMethodAsync(
        $$"""
        var adam = optim.Adam(sequence.parameters());
        Action afterBackward = Environment.TickCount > 0 ? () => nn.utils.clip_grad_norm_(sequence.parameters(), 1.0) : null;
        foreach (var (x, y) in batches)
        {
            adam.zero_grad();
            functional.mse_loss(sequence.call(x), y).backward();
            {{clip}}
            adam.step();
        }

        static void Clip(Module module) => nn.utils.clip_grad_norm_(module.parameters(), 5.0);
        """);

    [Fact]
    public Task ForClippingInTheCaller_DoesNotTrigger() => FindsAsync(
        """
        class Trainer
        {
            private readonly LSTM _lstm = LSTM(4, 4);
            private readonly optim.Optimizer _optimizer;
            public Trainer() => _optimizer = optim.Adam(_lstm.parameters());
            private void Backward(Tensor x) => _lstm.call(x).Item1.mean().backward();
            private void Step() => _optimizer.step();
            public void Run(Tensor x)
            {
                _optimizer.zero_grad();
                Backward(x);
                nn.utils.clip_grad_norm_(_lstm.parameters(), 1.0);
                Step();
            }
        }
        """);

    [Fact]
    public Task ForClippingByAnOverrideInAnotherFile_DoesNotTrigger() => FindsAsync(
        BaseTrainer.Replace("STEP", "Clip(); _optimizer.step();").Replace("public void Step", "protected virtual void Clip() { }\n    protected Module<Tensor, Tensor> Model => _model;\n    public void Step"),
        RecurrentModule,
        """
        class Clipping(Reader reader) : GeneralTrainer(reader)
        {
            protected override void Clip() => nn.utils.clip_grad_norm_(Model.parameters(), 1.0);
        }
        """);

    [Fact]
    public Task ForAFeedForwardModule_DoesNotTrigger() => FindsInMethodAsync(
        """
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            functional.mse_loss(model.call(x), y).backward();
            optimizer.step();
        }
        """);

    [Fact]
    public Task ForARecurrentModuleThatTheOptimizerDoesNotTrain_DoesNotTrigger() => FindsInMethodAsync(
        """
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            functional.mse_loss(model.call(sequence.call(x)), y).backward();
            optimizer.step();
        }
        """);

    [Fact]
    public Task ForAUsersClassCalledLstm_DoesNotTrigger() => FindsAsync(
        """
        namespace Mine
        {
            class LSTM() : Module<Tensor, Tensor>("mine") { public override Tensor forward(Tensor x) => x; }
            static class Script
            {
                public static void Run(LSTM lstm, optim.Optimizer optimizer, Tensor x)
                {
                    lstm.call(x).mean().backward();
                    optimizer.step();
                }
            }
        }
        """);

    [Fact]
    public Task ForAModuleThatOnlyPredicts_DoesNotTrigger() => FindsInMethodAsync(
        """
        using var _ = no_grad();
        foreach (var (x, y) in batches)
            Console.WriteLine(sequence.call(x).mean().item<float>());
        """);

    [Fact]
    public Task ForHalfWrittenCode_Triggers_WhereTheLoopIsThere() => FindsInHalfWrittenAsync(
        """
        class Script
        {
            void Run(LSTM lstm, Tensor x)
            {
                var optimizer = optim.Adam(lstm.parameters());
                var loss = lstm.call(x).Item1.
                loss.backward();
                foreach (Tensor y in Batches())
                {
                    lstm.call(y).Item1.sum().backward();
                    {|GG3001:optimizer.step()|};
                    optimizer.
                }
            }
        """);
}
