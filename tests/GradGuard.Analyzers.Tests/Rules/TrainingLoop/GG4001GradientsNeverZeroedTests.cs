using GradGuard.Analyzers.Tests.Verification;

namespace GradGuard.Analyzers.Tests.Rules.TrainingLoop;

public class GG4001GradientsNeverZeroedTests() : OneRuleTests("GG4001")
{
    [Fact]
    public Task ForALoopThatOnlyAdds_Triggers() => FindsInMethodAsync(
        """
        foreach (var (x, y) in batches)
        {
            var loss = functional.mse_loss(model.call(x), y);
            loss.backward();
            {|GG4001:optimizer.step()|};
        }
        """);

    [Fact]
    public Task ForAZeroGradBeforeTheLoop_Triggers() => FindsInMethodAsync(
        """
        for (var epoch = 0; epoch < 10; epoch++)
        {
            optimizer.zero_grad();
            foreach (var (x, y) in batches)
            {
                functional.mse_loss(model.call(x), y).backward();
                {|GG4001:optimizer.step()|};
            }
        }
        """);

    [Fact]
    public Task ForAStepInACallee_Triggers() => FindsAsync(
        """
        class Trainer
        {
            private readonly Linear _model = Linear(2, 2);
            private readonly optim.Optimizer _optimizer;
            public Trainer() => _optimizer = optim.Adam(_model.parameters());
            public void Run(IEnumerable<Tensor> batches)
            {
                foreach (var x in batches)
                    Learn(x);
            }
            private void Learn(Tensor x)
            {
                _model.call(x).mean().backward();
                {|GG4001:_optimizer.step()|};
            }
        }
        """);

    [Fact]
    public Task ForACallerInAnotherFile_Triggers() => FindsAsync(
        """
        public class Learner(Linear model, optim.Optimizer optimizer)
        {
            public void Learn(Tensor x)
            {
                model.call(x).mean().backward();
                {|GG4001:optimizer.step()|};
            }
        }
        """,
        """
        static class Program
        {
            static void Run(Learner learner, Tensor[] batches)
            {
                foreach (var x in batches)
                    learner.Learn(x);
            }
        }
        """);

    [Fact]
    public Task ForTheSecondOptimizerOfAPair_Triggers_WhereOnlyTheFirstIsZeroed() => FindsInMethodAsync(
        """
        var critic = Linear(2, 1);
        var actor = Linear(4, 2);
        var criticOptimizer = optim.Adam(critic.parameters());
        var actorOptimizer = optim.Adam(actor.parameters());
        foreach (var (x, y) in batches)
        {
            criticOptimizer.zero_grad();
            critic.call(y).mean().backward();
            criticOptimizer.step();
            critic.call(actor.call(x)).mean().backward();
            {|GG4001:actorOptimizer.step()|};
        }
        """);

    [Theory]
    [InlineData("optimizer.zero_grad();", "", "")]
    [InlineData("", "optimizer.zero_grad();", "")]
    [InlineData("", "", "optimizer.zero_grad();")]
    [InlineData("model.zero_grad();", "", "")]
    [InlineData("foreach (var p in model.parameters()) p.grad = null;", "", "")]
    [InlineData("foreach (var p in model.parameters()) { using var g = p.grad; if (g is not null) g.zero_(); }", "", "")]
    [InlineData("Reset(optimizer);", "", "")]
    [InlineData("batches.ToList().ForEach(_ => optimizer.zero_grad());", "", "")]
    public Task ForAnyZeroing_DoesNotTrigger(string beforeForward, string beforeBackward, string afterStep) => FindsInMethodAsync(
        $$"""
        foreach (var (x, y) in batches)
        {
            {{beforeForward}}
            var loss = functional.mse_loss(model.call(x), y);
            {{beforeBackward}}
            loss.backward();
            optimizer.step();
            {{afterStep}}
        }

        void Reset(optim.Optimizer which) => which.zero_grad();
        """);

    [Fact]
    public Task ForGradientAccumulation_DoesNotTrigger() => FindsInMethodAsync(
        """
        var n = 0;
        foreach (var (x, y) in batches)
        {
            (functional.mse_loss(model.call(x), y) / 4).backward();
            if (++n % 4 == 0)
            {
                optimizer.step();
                optimizer.zero_grad();
            }
        }
        """);

    [Fact]
    public Task ForAnInnerLoopThatAccumulates_DoesNotTrigger() => FindsInMethodAsync(
        """
        for (var epoch = 0; epoch < 3; epoch++)
        {
            optimizer.zero_grad();
            foreach (var (x, y) in batches)
                functional.mse_loss(model.call(x), y).backward();
            optimizer.step();
        }
        """);

    [Fact]
    public Task ForGenerativeAdversarialTraining_DoesNotTrigger() => FindsInMethodAsync(
        """
        var generator = optim.Adam(other.parameters());
        foreach (var (x, y) in batches)
        {
            model.zero_grad();
            model.call(x).mean().backward();
            model.call(other.call(x).detach()).mean().backward();
            optimizer.step();
            other.zero_grad();
            model.call(other.call(x)).mean().backward();
            generator.step();
        }
        """);

    [Fact]
    public Task ForAnAttackWithoutAStep_DoesNotTrigger() => FindsInMethodAsync(
        """
        foreach (var (x, y) in batches)
        {
            x.requires_grad = true;
            functional.mse_loss(model.call(x), y).backward();
            Console.WriteLine(x.grad.sign());
        }
        """);

    [Fact]
    public Task ForAnOptimizerMadeAnewEachTime_DoesNotTrigger() => FindsInMethodAsync(
        """
        foreach (var (x, y) in batches)
        {
            var fresh = new Net();
            var sgd = optim.SGD(fresh.parameters(), 0.1);
            fresh.call(x).mean().backward();
            sgd.step();
        }
        """);

    [Fact]
    public Task ForALoopInATask_DoesNotTrigger_WhereNothingRepeats() => FindsInMethodAsync(
        """
        var (x, y) = batches[0];
        System.Threading.Tasks.Task.Run(() =>
        {
            functional.mse_loss(model.call(x), y).backward();
            optimizer.step();
        });
        """);

    [Fact]
    public Task ForABaseClassThatZeroes_DoesNotTrigger() => FindsAsync(
        """
        public abstract class TrainerBase(optim.Optimizer optimizer)
        {
            protected optim.Optimizer Optimizer => optimizer;
            public void Run(Tensor[] batches)
            {
                foreach (var x in batches)
                {
                    Before();
                    Learn(x);
                }
            }
            protected virtual void Before() => optimizer.zero_grad();
            protected abstract void Learn(Tensor x);
        }
        """,
        """
        public class Trainer(Linear model, optim.Optimizer optimizer) : TrainerBase(optimizer)
        {
            protected override void Learn(Tensor x)
            {
                model.call(x).mean().backward();
                Optimizer.step();
            }
        }
        """);

    [Fact]
    public Task ForACallbackThatCannotBeSeen_DoesNotTrigger() => FindsAsync(
        """
        class Trainer(Linear model, optim.Optimizer optimizer)
        {
            public event Action AfterStep;
            public void Run(Tensor[] batches)
            {
                foreach (var x in batches)
                {
                    model.call(x).mean().backward();
                    optimizer.step();
                    AfterStep?.Invoke();
                }
            }
        }
        """);

    [Fact]
    public Task ForHalfWrittenCode_Triggers_WhereTheLoopIsThere() => FindsInHalfWrittenAsync(
        """
        class Script
        {
            void Run(Linear model, Tensor x)
            {
                var optimizer = optim.Adam(model.parameters(), lr: );
                while (true)
                {
                    var y = model.call(x).
                    ;
                    model.call(x).sum().backward();
                    {|GG4001:optimizer.step()|};
                    if (y
                }
            }
        """);
}
