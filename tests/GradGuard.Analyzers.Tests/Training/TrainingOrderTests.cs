using GradGuard.Analyzers.Training;

namespace GradGuard.Analyzers.Tests.Training;

public class TrainingOrderTests
{
    [Fact]
    public void EventsStandInTheOrderOfEvaluation() => Assert.Equal(
        "CreateOptimizer CreateScheduler Train ZeroGrad Forward Backward Unscale Clip OptimizerStep SchedulerStep Eval",
        OrderOf.Method("Run",
            """
            class Script
            {
                void Run(Linear model, Tensor x)
                {
                    var optimizer = optim.Adam(model.parameters());
                    var scheduler = optim.lr_scheduler.StepLR(optimizer, 5);
                    model.train();
                    optimizer.zero_grad();
                    (model.call(x).mean() * 128).backward();
                    foreach (var p in model.parameters())
                        p.grad.div_(128);
                    torch.nn.utils.clip_grad_norm_(model.parameters(), 1);
                    optimizer.step();
                    scheduler.step();
                    model.eval();
                }
            }
            """).Words());

    [Fact]
    public void CallsAreFollowed_ThroughOverridesAndFunctions_AcrossFiles()
    {
        var order = OrderOf.Method("Run",
            """
            public abstract class Base
            {
                protected abstract void Learn(Tensor x, Action<Tensor> after);
                public void Run(Tensor x)
                {
                    void Log(Tensor loss) => Console.WriteLine(loss);
                    Learn(x, loss => { loss.backward(); Log(loss); });
                }
            }
            """,
            """
            public class Derived(Linear model, optim.Optimizer optimizer) : Base
            {
                protected override void Learn(Tensor x, Action<Tensor> after)
                {
                    after(model.call(x).mean());
                    optimizer.step();
                }
            }
            """);

        Assert.Equal("Forward Backward OptimizerStep", order.Words());
    }

    [Theory]
    [InlineData("holder?.Inner?.Optimizer?.step();")]
    [InlineData("holder?.Inner?.data?.zero_(); holder?.Inner?.Optimizer?.step();")]
    [InlineData("var size = holder?.Inner?.Inner?.Name?.Length; holder?.Inner?.Optimizer?.step();")]
    public void ChainsOfConditionalAccess_AreFollowedToTheirFirstValue(string statements)
    {
        var step = OrderOf.Method("Run", $$"""
            class Holder
            {
                public Holder? Inner;
                public Tensor? data { get; set; }
                public optim.Optimizer? Optimizer;
                public string? Name { get; set; }

                static void Run(Holder? holder)
                {
                    {{statements}}
                }
            }
            """).Events.Single(occurrence => occurrence.Event.Kind is TrainingEventKind.OptimizerStep);

        Assert.Equal("holder.Inner.Optimizer", step.Event.Target?.Name);
    }

    [Fact]
    public void AClosure_RunsBeforeTheStepThatIsGivenIt() => Assert.Equal(
        "ZeroGrad Forward Backward OptimizerStep",
        OrderOf.Method("Run",
            """
            class Script
            {
                void Run(Linear model, optim.Optimizer optimizer, Tensor x)
                {
                    Func<Tensor> closure = () =>
                    {
                        optimizer.zero_grad();
                        var loss = model.call(x).mean();
                        loss.backward();
                        return loss;
                    };
                    optimizer.step(closure);
                }
            }
            """).Words());

    [Fact]
    public void Recursion_IsOpaque_AndEnds() => Assert.Equal(
        "Backward Opaque",
        OrderOf.Method("Run",
            """
            class Script
            {
                void Run(Tensor loss, int depth)
                {
                    loss.backward();
                    if (depth > 0)
                        Run(loss, depth - 1);
                }
            }
            """).Words());

    [Fact]
    public void AnEndlessSum_IsOpaque_AndOverflowsNoStack() => Assert.Equal(
        "Opaque Backward",
        OrderOf.Method("Run", $"class Script {{ double Run(Tensor loss, double a) {{ var sum = {string.Join(" + ", Enumerable.Repeat("a", 1500))}; loss.backward(); return sum; }} }}").Words());

    [Fact]
    public void CodeThatCannotBeSeen_IsOpaque_OnlyWhereItCanReachGradients()
    {
        var order = OrderOf.Method("Run",
            """
            interface IHook { void After(optim.Optimizer optimizer); }
            interface ILog { void Write(double number); }
            class Script(IHook hook, Action<int> progress)
            {
                void Run(optim.Optimizer optimizer, List<double> losses)
                {
                    losses.Add(1);
                    Console.WriteLine(losses.Count);
                    hook.After(optimizer);
                    progress(1);
                }
            }
            """);

        Assert.Equal("Opaque Opaque", order.Words());
    }

    [Fact]
    public void PlacesOfACallee_AreThoseOfItsCaller()
    {
        var order = OrderOf.Method("Run",
            """
            class Learner(optim.Optimizer inner)
            {
                private readonly optim.Optimizer _optimizer = inner;
                public void Step(Linear net) { net.call(null).backward(); _optimizer.step(); }
            }
            class Script
            {
                private readonly Linear _model = Linear(1, 1);
                void Run(Learner learner) => learner.Step(_model);
            }
            """);

        Assert.Equal("_model", order.OfKind(TrainingEventKind.Forward).Single().Event.Target?.Name);
        Assert.Equal("learner._optimizer", order.OfKind(TrainingEventKind.OptimizerStep).Single().Event.Target?.Name);
    }

    [Theory]
    [InlineData("using (torch.no_grad()) model.call(x);", true)]
    [InlineData("using var _ = torch.inference_mode(); model.call(x);", true)]
    [InlineData("using (torch.no_grad()) using (torch.enable_grad()) model.call(x);", false)]
    [InlineData("using (torch.no_grad()) { } model.call(x);", false)]
    [InlineData("using var _ = torch.set_grad_enabled(false); model.call(x);", true)]
    [InlineData("using var _ = torch.set_grad_enabled(x.requires_grad); model.call(x);", false)]
    public void GradModes_HoldUntilTheirUsingEnds(string body, bool isOff) => Assert.Equal(
        isOff,
        OrderOf.Method("Run", $$"""class Script { void Run(Linear model, Tensor x) { {{body}} } }""").OfKind(TrainingEventKind.Forward).Single().IsUnderNoGrad);

    [Theory]
    [InlineData("loss.backward(); optimizer.step();", GradientState.Fresh)]
    [InlineData("optimizer.zero_grad(); optimizer.step();", GradientState.Zeroed)]
    [InlineData("if (many) loss.backward(); optimizer.step();", GradientState.Entry | GradientState.Fresh)]
    [InlineData("loss.backward(); optimizer.zero_grad(); optimizer.step();", GradientState.Erased)]
    [InlineData("while (many) { loss.backward(); if (loss.isnan().any().item<bool>()) continue; optimizer.step(); }", GradientState.Fresh)]
    [InlineData("foreach (var i in new int[3]) { optimizer.step(); loss.backward(); if (i > 1) break; }", GradientState.Entry | GradientState.Fresh)]
    [InlineData("loss.backward(); try { optimizer.zero_grad(); } finally { } optimizer.step();", GradientState.Erased)]
    [InlineData("loss.backward(); switch (loss.dim()) { case 1: optimizer.zero_grad(); break; } optimizer.step();", GradientState.Fresh | GradientState.Erased)]
    [InlineData("loss.backward(); if (many) return; optimizer.step();", GradientState.Fresh)]
    [InlineData("do { loss.backward(); } while (many); optimizer.step();", GradientState.Fresh)]
    public void GradientStates_FollowEveryPath(string body, object expected)
    {
        var order = OrderOf.Method("Run", $$"""class Script { void Run(Tensor loss, optim.Optimizer optimizer, bool many) { {{body}} } }""");
        var step = order.OfKind(TrainingEventKind.OptimizerStep).Single().Event;

        Assert.Equal(expected, new GradientFlow(order, step).StatesAt(step));
    }
}
