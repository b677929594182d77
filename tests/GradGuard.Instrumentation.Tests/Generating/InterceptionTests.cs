using GradGuard.Instrumentation.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace GradGuard.Instrumentation.Tests.Generating;

public sealed class InterceptionTests
{
    private const string Interceptor = "InterceptsLocationAttribute(1,";

    [Theory]
    [InlineData("functional.relu(x)")]
    [InlineData("functional.relu(x, inplace: true)")]
    [InlineData("nn.functional.gelu(x)")]
    [InlineData("functional.softmax(x, 1)")]
    [InlineData("functional.leaky_relu(x, 0.1)")]
    [InlineData("functional.elu(x, 1.0)")]
    [InlineData("functional.softplus(x)")]
    [InlineData("functional.log_softmax(x, 1)")]
    [InlineData("functional.glu(x)")]
    [InlineData("functional.prelu(x, fc.weight!)")]
    [InlineData("torch.sigmoid(x)")]
    [InlineData("tanh(x)")]
    [InlineData("torch.tanh_(x)")]
    [InlineData("special.expit(x)")]
    [InlineData("x.relu()")]
    [InlineData("x.relu_()")]
    [InlineData("x.sigmoid_()")]
    [InlineData("x.silu()")]
    [InlineData("x.selu()")]
    [InlineData("x.hardtanh(-1, 1)")]
    [InlineData("x.softmax(1)")]
    [InlineData("x?.relu()!")]
    [InlineData("fc.forward(x)")]
    [InlineData("fc?.forward(x)!")]
    [InlineData("((Module<Tensor, Tensor>)fc).forward(x)")]
    [InlineData("new[] { x }.Select(y => fc.forward(y)).First()")]
    public void EachWayOfCalling_IsIntercepted(string expression)
        => Assert.Equal(1, Generated.Count(Generated.FromModule($"public override Tensor forward(Tensor x) => {expression};"), Interceptor));

    [Theory]
    [InlineData("fc.call(x)")]
    [InlineData("x.exp()")]
    [InlineData("functional.dropout(x, training: training)")]
    [InlineData("nn.ReLU().call(x)")]
    [InlineData("fc.call(x.to(nameof(forward).Length > 0 ? float32 : float64))")]
    public void WhatNeedsNoHelp_IsLeftAlone(string expression)
    {
        var code = Generated.FromModule($"public override Tensor forward(Tensor x) => {expression};");

        Assert.DoesNotContain(Interceptor, code, StringComparison.Ordinal);
        Assert.DoesNotContain("HiddenCallSite", code, StringComparison.Ordinal);
    }

    [Fact]
    public void BaseForward_IsNeverIntercepted_SinceTheInterceptorWouldCallItselfForEver()
    {
        var code = Generated.From("""
            public class First : Module<Tensor, Tensor>
            {
                public First() : base("first") { }
                public override Tensor forward(Tensor x) => x;
            }

            public class Second : First
            {
                public override Tensor forward(Tensor x) => base.forward(x);
            }
            """);

        Assert.Empty(code);
    }

    [Fact]
    public void CallsOfOneMethod_ShareAnInterceptor()
    {
        var code = Generated.FromModule("public override Tensor forward(Tensor x) => fc.forward(fc.forward(fc.forward(x)));");

        Assert.Equal(3, Generated.Count(code, Interceptor));
        Assert.Equal(1, Generated.Count(code, "internal static"));
    }

    [Theory]
    [InlineData("public void forward(Tensor x) { }", "forward(x)")]
    [InlineData("public Tensor forward(ref Tensor x, in int depth, out int left) { left = depth; return x; }", "forward(ref x, 1, out _)")]
    [InlineData("public Tensor forward(Tensor x, params long[] sizes) => x;", "forward(x, 1, 2, 3)")]
    [InlineData("public Tensor forward(ReadOnlySpan<float> values) => x0;", "forward(stackalloc float[3])")]
    [InlineData("public Tensor forward(string @class, Tensor? @this = null, int @event = 3) => x0;", "forward(\"a\", @event: 4)")]
    [InlineData("public (Tensor h, Tensor c)? forward(Tensor x, (Tensor h, Tensor c)? state = null) => state;", "forward(x)")]
    [InlineData("public T forward<T>(Tensor x, T other) where T : class, IDisposable, new() => other;", "forward(x, new System.IO.MemoryStream())")]
    [InlineData("public T forward<T>(T[] x) where T : struct => x[0];", "forward(new[] { 1 })")]
    [InlineData("public dynamic forward(Tensor x, object y) => y;", "forward(x, \"\")")]
    [InlineData("[Obsolete] public Tensor forward(Tensor x, byte b) => x;", "forward(x, (byte)1)")]
    public void UnusualSignatures_CompileWithoutWarnings(string method, string call)
    {
        foreach (var nullable in new[] { NullableContextOptions.Disable, NullableContextOptions.Enable })
        {
            var code = Generated.From($$"""
                #nullable enable annotations
                public class Odd : Module
                {
                    private readonly Tensor x0 = zeros(1);
                    public Odd() : base("odd") { }
                    public Tensor First => x0;
                    {{method}}
                }

                public static class Caller
                {
                    public static void Run(Odd odd, Tensor x) => odd.{{call}};
                }
                """, new BuildSettings { Nullable = nullable });

            Assert.Equal(1, Generated.Count(code, Interceptor));
        }
    }

    [Fact]
    public void GenericCallers_GetGenericInterceptors()
    {
        var code = Generated.From("""
            public class Wrap<TIn, TInner> : Module<TIn, Tensor>
                where TIn : class, IDisposable
                where TInner : Module<TIn, Tensor>
            {
                private readonly TInner inner;
                private readonly Module<TIn, Tensor> same;
                public Wrap(TInner inner) : base("wrap") => same = this.inner = inner;
                public override Tensor forward(TIn x) => inner.forward(x) + same.forward(x) + Static<TIn>(same, x);
                private static Tensor Static<T>(Module<T, Tensor> module, T x) => module.forward(x);
            }
            """);

        Assert.Equal(3, Generated.Count(code, Interceptor));
    }

    [Fact]
    public void WithoutTheBuildsConsent_NothingIsGenerated()
        => Assert.Empty(Generated.From("public class C { public Tensor Run(Tensor x) => x.relu(); }", new BuildSettings { Instrumented = false }));
}
