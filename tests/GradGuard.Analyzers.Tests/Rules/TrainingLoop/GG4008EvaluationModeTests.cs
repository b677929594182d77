using GradGuard.Analyzers.Tests.Verification;

namespace GradGuard.Analyzers.Tests.Rules.TrainingLoop;

public class GG4008EvaluationModeTests() : OneRuleTests("GG4008")
{
    [Fact]
    public Task ForAnEvaluationThatBuildsGraphs_Triggers() => FindsInMethodAsync(
        """
        model.eval();
        foreach (var (x, y) in batches)
            Console.WriteLine({|GG4008:model.call(x)|}.argmax(1));
        """);

    [Fact]
    public Task ForAnEvaluationInACallee_Triggers() => FindsAsync(
        """
        class Evaluation(Linear model)
        {
            public void Run(Tensor[] batches)
            {
                model.eval();
                foreach (var x in batches)
                    Show(x);
            }
            private void Show(Tensor x) => Console.WriteLine({|GG4008:model.forward(x)|});
        }
        """);

    [Fact]
    public Task ForTrainingThatGoesOnInEvaluationMode_Triggers() => FindsInMethodAsync(
        """
        model.train();
        for (var epoch = 0; epoch < 3; epoch++)
        {
            foreach (var (x, y) in batches)
            {
                optimizer.zero_grad();
                model.call(x).mean().backward();
                optimizer.step();
            }
            {|GG4008:model.eval()|};
            using (no_grad())
                Console.WriteLine(model.call(batches[0].x));
        }
        """);

    [Fact]
    public Task ForTrainingModeRestored_DoesNotTrigger() => FindsInMethodAsync(
        """
        for (var epoch = 0; epoch < 3; epoch++)
        {
            model.train();
            foreach (var (x, y) in batches)
            {
                optimizer.zero_grad();
                model.call(x).mean().backward();
                optimizer.step();
            }
            model.eval();
            using (no_grad())
                Console.WriteLine(model.call(batches[0].x));
        }
        """);

    [Fact]
    public Task ForAnEvaluationUnderNoGrad_DoesNotTrigger() => FindsInMethodAsync(
        """
        model.eval();
        using var _ = torch.inference_mode();
        foreach (var (x, y) in batches)
            Console.WriteLine(model.call(x));
        """);

    [Fact]
    public Task ForASinglePrediction_DoesNotTrigger() => FindsInMethodAsync(
        """
        model.eval();
        Console.WriteLine(model.call(batches[0].x));
        """);

    [Fact]
    public Task ForNoGradInTheCaller_DoesNotTrigger() => FindsAsync(
        """
        public static class Evaluation
        {
            public static Tensor Run(Linear model, Tensor x)
            {
                model.eval();
                Tensor y = null;
                for (var i = 0; i < 3; i++)
                    y = model.call(x);
                return y;
            }
        }
        """,
        """
        static class Program
        {
            static void Start(Linear model, Tensor x)
            {
                using (no_grad())
                    Evaluation.Run(model, x);
            }
        }
        """);

    [Fact]
    public Task ForAnAttackOnAnEvaluatedModel_DoesNotTrigger() => FindsInMethodAsync(
        """
        model.eval();
        foreach (var (x, y) in batches)
        {
            x.requires_grad_();
            model.call(x).mean().backward();
            Console.WriteLine(x.grad.sign());
        }
        """);

    [Fact]
    public Task ForHalfWrittenCode_Triggers_WhereTheForwardIsThere() => FindsInHalfWrittenAsync(
        """
        class Script
        {
            private void Run(Linear model, Tensor x)
            {
                model.eval();
                while (true)
                {
                    var y = {|GG4008:model.call(x)|};
                    var z = y.
                }
            }
        """);
}
