using GradGuard.Analyzers.Tests.Verification;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Tests.Torch;

/// <summary>Calls are known by symbol and assembly, whatever the program calls them.</summary>
public class TorchSymbolsTests
{
    [Fact]
    public void ACompilationWithoutTorchSharp_HasNoSymbols() =>
        Assert.Null(TorchSymbols.TryCreate(SourceCompilation.Of(References.Framework, "class C;")));

    [Fact]
    public void AForeignNamespaceOfTheSameName_IsNotTorchSharp()
    {
        var compilation = SourceCompilation.Of(
            References.Framework,
            "namespace TorchSharp { public static class torch { public class Tensor; public static class nn { public class Module; } } }");
        Assert.Null(TorchSymbols.TryCreate(compilation));
    }

    [Theory]
    [InlineData("TorchSharp.torch.sigmoid(x)", typeof(TorchOperation.Activation))]
    [InlineData("x.relu_()", typeof(TorchOperation.Activation))]
    [InlineData("F.gelu(x)", typeof(TorchOperation.Activation))]
    [InlineData("TorchSharp.torch.special.expit(x)", typeof(TorchOperation.Activation))]
    [InlineData("x.matmul(x)", typeof(TorchOperation.Product))]
    [InlineData("Linear(3, 4)", typeof(TorchOperation.Layer))]
    [InlineData("Sequential()", typeof(TorchOperation.Container))]
    [InlineData("init.xavier_normal_(x)", typeof(TorchOperation.Initializer))]
    [InlineData("x.normal_(0, 1)", typeof(TorchOperation.Initializer))]
    [InlineData("x.AsParameter()", typeof(TorchOperation.Parameter))]
    [InlineData("x.detach()", typeof(TorchOperation.GradientCut))]
    [InlineData("Mine.sigmoid(x)", null)]
    [InlineData("new LSTM()", null)]
    public void ACallMeansWhatItsSymbolMeans(string call, Type? expected)
    {
        var (symbols, method) = Resolve(call);
        Assert.Equal(expected, symbols.OperationOf(method)?.GetType());
    }

    [Theory]
    [InlineData("x.backward()", nameof(TrainingCallKind.Backward))]
    [InlineData("optimizer.zero_grad()", nameof(TrainingCallKind.ZeroGrad))]
    [InlineData("optimizer.step()", nameof(TrainingCallKind.OptimizerStep))]
    [InlineData("own.step()", nameof(TrainingCallKind.OptimizerStep))]
    [InlineData("scheduler.step()", nameof(TrainingCallKind.SchedulerStep))]
    [InlineData("utils.clip_grad_norm_(null!, 1)", nameof(TrainingCallKind.ClipGradNorm))]
    [InlineData("TorchSharp.torch.no_grad()", nameof(TrainingCallKind.NoGrad))]
    [InlineData("model.train()", nameof(TrainingCallKind.Train))]
    [InlineData("model.call(x)", nameof(TrainingCallKind.Call))]
    [InlineData("model.forward(x)", nameof(TrainingCallKind.Forward))]
    [InlineData("sequential.forward(x)", nameof(TrainingCallKind.Forward))]
    [InlineData("TorchSharp.torch.optim.SGD(model.parameters(), 0.1)", nameof(TrainingCallKind.CreateOptimizer))]
    [InlineData("x.sigmoid()", null)]
    public void ATrainingCallIsKnownThroughOverridesAndHelpers(string call, string? expected)
    {
        var (symbols, method) = Resolve(call);
        Assert.Equal(expected, symbols.TrainingCallOf(method)?.ToString());
    }

    [Fact]
    public void EveryModuleTableEntryIsATypeOfTorchSharp()
    {
        var assembly = typeof(global::TorchSharp.torch).Assembly;
        var missing = ModuleTable.ByTypeName.Keys
            .Where(name => assembly.GetType("TorchSharp.Modules." + name) is null && assembly.GetType($"TorchSharp.Modules.{name}`1") is null);
        Assert.Empty(missing);
    }

    private static (TorchSymbols Symbols, IMethodSymbol Method) Resolve(string call)
    {
        var compilation = SourceCompilation.Of(
            $$"""
            using static TorchSharp.torch.nn;
            using Tensor = TorchSharp.torch.Tensor;
            using F = TorchSharp.torch.nn.functional;
            using TorchSharp;
            class LSTM;
            static class Mine { public static Tensor sigmoid(Tensor x) => x; }
            class Own(System.IntPtr handle) : TorchSharp.torch.optim.Optimizer(handle)
            {
                public override Tensor step(System.Func<Tensor>? closure = null) => null!;
            }
            class C
            {
                object? M(Tensor x, TorchSharp.torch.optim.Optimizer optimizer, Own own, TorchSharp.torch.optim.lr_scheduler.LRScheduler scheduler,
                    Module<Tensor, Tensor> model, TorchSharp.Modules.Sequential sequential) { object? _ = null; {{call}}; return null; }
            }
            """);
        var tree = compilation.SyntaxTrees[0];
        var statement = tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<ExpressionStatementSyntax>().Single();
        var operation = compilation.GetSemanticModel(tree).GetOperation(statement.Expression, TestContext.Current.CancellationToken);
        var method = operation switch
        {
            IInvocationOperation invocation => invocation.TargetMethod,
            IObjectCreationOperation creation => creation.Constructor!,
            _ => throw new InvalidOperationException($"{call} is {operation?.Kind}"),
        };
        return (TorchSymbols.TryCreate(compilation)!, method);
    }
}
