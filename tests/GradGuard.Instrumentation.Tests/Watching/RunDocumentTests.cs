using GradGuard.Instrumentation.Tests.Compiling;
using GradGuard.Monitor;

namespace GradGuard.Instrumentation.Tests.Watching;

public sealed class RunDocumentTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("gradguard-").FullName;

    [Theory]
    [InlineData("FieldsAndForward", "fc1", "fc1 = Linear(6, 8)")]
    [InlineData("FieldsAndForward", "fc2", "fc2 = nn.Linear(8, 8)")]
    [InlineData("FieldsAndForward", "fc3", "this.fc3 = nn.Linear(8, 3)")]
    [InlineData("Lists", "head.out", "(\"out\", Linear(6, 3))")]
    [InlineData("Lists", "layers", "layers = new ModuleList<Layer>()")]
    [InlineData("Lists", "layers.2", "layers.Add(Linear(6, 6))")]
    [InlineData("Stacks", "mixed.0", "mixed.Add(Linear(6, 8))")]
    [InlineData("Stacks", "mixed.1", "var inner = Linear(8, 8)")]
    [InlineData("Stacks", "mixed.4", "ReLU()")]
    [InlineData("Stacks", "mixed.6", "ReLU()")]
    [InlineData("Stacks", "mixed.7", "mixed.Add(Linear(8, 6))")]
    [InlineData("Stacks", "named.fc2", "parts.Add(($\"fc{parts.Count}\", Linear(width, 6)))")]
    [InlineData("Stacks", "named.act3", "parts.Add(($\"act{parts.Count}\", Tanh()))")]
    [InlineData("Stacks", "mapped.1", ".Select(_ => Linear(6, 6))")]
    [InlineData("Stacks", "branched.1", "branched.Add(LayerNorm(6))")]
    [InlineData("Stacks", "branched.4", "branched.Add(Linear(6, 6))")]
    [InlineData("Stacks", "tail2", "register_module($\"tail{i}\", byName[i])")]
    [InlineData("Stacks", "helped.0", "helped = new ModuleList<Layer>()")]
    [InlineData("Outer", "residual.inner.fc", "fc = nn.Linear(inputs, outputs)")]
    [InlineData("Outer", "hidden.fc", "fc = nn.Linear(6, 6)")]
    public void RunJson_NamesTheLineThatCreatedALayer(string model, string path, string code)
    {
        using var module = UserProject.Instrumented.Create(model);
        using var monitor = GradientMonitor.Attach(module, new() { RunDirectory = Path.Combine(_directory, "run") });
        var layer = RunDirectory.Run(monitor.RunDirectory!).GetProperty("layers").EnumerateArray().Single(layer => layer.GetProperty("path").GetString() == path);

        Assert.Contains(code, LineOf(layer.GetProperty("file").GetString()!, layer.GetProperty("line").GetInt32()), StringComparison.Ordinal);
    }

    [Fact]
    public void RunJson_ListsTheActivationsOfTheModel()
    {
        using var module = UserProject.Instrumented.Create("InPlace");
        using var monitor = GradientMonitor.Attach(module, new() { RunDirectory = Path.Combine(_directory, "run") });
        var activations = RunDirectory.Run(monitor.RunDirectory!).GetProperty("activations").EnumerateArray().ToList();

        Assert.Equal(3, activations.Count);
        Assert.All(activations, static site =>
        {
            var name = site.GetProperty("name").GetString()!;
            var function = name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..name.IndexOf('@', StringComparison.Ordinal)];
            Assert.StartsWith("InPlace.forward:", name, StringComparison.Ordinal);
            Assert.Contains(function, LineOf(site.GetProperty("file").GetString()!, site.GetProperty("line").GetInt32()), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Summary_CountsEachCallOfForward_TwoOnOneLineToo()
    {
        using var module = UserProject.Instrumented.Create("Helpers");
        using var monitor = GradientMonitor.Attach(module);

        Assert.Equal(2, monitor.Summary().Code.ForwardCalls);
    }

    [Fact]
    public void Summary_ListsWhatTheCodeHides()
    {
        using var module = UserProject.Instrumented.Create("Outer");
        using var monitor = GradientMonitor.Attach(module);

        var hidden = Assert.Single(monitor.Summary().Code.Hidden, static hidden => hidden.Where.Contains("NestedModels.cs", StringComparison.Ordinal));

        Assert.Contains("hidden.forward(x)", LineOf("RealCode/NestedModels.cs", int.Parse(hidden.Where[(hidden.Where.LastIndexOf(':') + 1)..])), StringComparison.Ordinal);
        Assert.Contains("internal", hidden.Reason, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static string LineOf(string file, int line)
        => Compiler.RealCode.Single(source => source.Path == file).Text.Split('\n')[line - 1];
}
