using GradGuard.Analyzers.Source;
using GradGuard.Analyzers.Tests.Verification;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Tests.Source;

/// <summary>Which files can have to do with TorchSharp. The last source of each case declares <c>Asked</c>, and names nothing of TorchSharp itself.</summary>
public class AssemblyReachTests
{
    private const string Net =
        """
        using TorchSharp;
        namespace Models { public class Net { public torch.Tensor Weight = torch.zeros(1); } }
        """;

    private const string Holder = "using Models; namespace Holders { public class Holder { public Net Model = new(); } }";

    [Theory]
    [InlineData("class Asked { void Run(Holders.Holder holder) { var sum = holder.Model.Weight.sum(); } }", Net, Holder)]
    [InlineData("using Holders; class Asked : Base { void Run() { var sum = Held.Model.Weight.sum(); } }", Net, Holder,
        "using Holders; class Base { protected Holder Held = new(); }")]
    [InlineData("class Asked { void Run(IStep step) => step.Take(); }", "interface IStep { void Take(); }",
        "class Step : IStep { public void Take() => TorchSharp.torch.zeros(1).Dispose(); }")]
    [InlineData("using Tools; class Asked { void Run() { var made = 5.Ones(); } }",
        "using static TorchSharp.torch; namespace Tools { static class Making { public static Tensor Ones(this int size) => ones(size); } }")]
    [InlineData("class Asked { void Run() { foreach (var item in new System.Version()) { } } }",
        "static class Items { public static System.Collections.Generic.IEnumerator<TorchSharp.torch.Tensor> GetEnumerator(this System.Version of) { yield break; } }")]
    [InlineData("class Asked { void Run() { var made = zeros(1); } }", "global using static TorchSharp.torch;")]
    [InlineData("class Asked { void Run() { var made = T.zeros(1); } }", "global using T = TorchSharp.torch;")]
    [InlineData("class Asked { void Run() { var made = torch.zeros(1); } }", "global using TorchSharp;")]
    [InlineData("class Asked { void Run(M.Net net) { var made = net.Weight.sum(); } }", Net, "global using M = Models;")]
    [InlineData("""class Asked { void Run() { var made = T\u006frchSharp.torch.zeros(1); } }""")]
    [InlineData("""class Asked { void Run() { var made = @TorchSharp.@torch.zeros(1); } }""")]
    [InlineData("namespace Models.Inner { class Asked { void Run(Net net) { var made = net.Weight.sum(); } } }", Net)]
    [InlineData("partial class Asked { void Run() { var made = _kept.sum(); } }", "partial class Asked { TorchSharp.torch.Tensor _kept = TorchSharp.torch.zeros(1); }")]
    [InlineData("class Asked { void Run() => Program.Train(); }", "using TorchSharp; torch.zeros(1).Dispose(); partial class Program { public static void Train() { } }")]
    public void CodeThatReachesATensor_IsIn(string asked, params string[] others) => Assert.True(Reaches(asked, others));

    [Theory]
    [InlineData("class Asked { int Run(int x) => x + 1; }", Net, Holder)]
    [InlineData("namespace Web { class Net { } class Asked { Net _own = new(); } }", Net, Holder)]
    [InlineData("class Asked { string Run() => Texts.Title; }", Net, "static class Texts { public static string Title => \"Net\"; }",
        "using TorchSharp; class Caller { string Call() => Texts.Title + torch.zeros(1); }")]
    public void CodeThatDoesNot_IsOut(string asked, params string[] others) => Assert.False(Reaches(asked, others));

    [Fact]
    public void ATypeOfALibraryThatIsBuiltOnTorchSharp_IsIn()
    {
        var library = SourceCompilation.Of("namespace Zoo { public static class Models { public static TorchSharp.torch.Tensor Make() => TorchSharp.torch.zeros(1); } }")
            .WithAssemblyName("Zoo").ToMetadataReference();
        var compilation = SourceCompilation.Of(
            [.. References.WithTorchSharp, library], "using Zoo; class Asked { void Run() => Models.Make().sum(); }", "class Other { }");

        var reach = AssemblyReach.Of("TorchSharp", compilation, TestContext.Current.CancellationToken);

        Assert.True(reach.Contains(compilation.GetTypeByMetadataName("Asked")!));
        Assert.False(reach.Contains(compilation.GetTypeByMetadataName("Other")!));
    }

    private static bool Reaches(string asked, string[] others)
    {
        var compilation = SourceCompilation.Of([.. others, asked]);
        Assert.DoesNotContain(compilation.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity is DiagnosticSeverity.Error);
        var type = compilation.GetSymbolsWithName("Asked", SymbolFilter.Type, TestContext.Current.CancellationToken).OfType<INamedTypeSymbol>().Single();
        return AssemblyReach.Of("TorchSharp", compilation, TestContext.Current.CancellationToken).Contains(type);
    }
}
