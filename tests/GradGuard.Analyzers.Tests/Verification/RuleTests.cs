namespace GradGuard.Analyzers.Tests.Verification;

/// <summary>The verifier itself: test sources compile against TorchSharp, and healthy code is silent.</summary>
public class RuleTests
{
    [Fact]
    public Task AHealthyModelCompilesAndIsSilent() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear _fc = Linear(784, 10);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => _fc.call(x);
        }
        """);
}
