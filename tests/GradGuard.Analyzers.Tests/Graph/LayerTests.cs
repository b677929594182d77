namespace GradGuard.Analyzers.Tests.Graph;

/// <summary>Layers are found wherever the program creates them, under the name they have in <c>named_modules()</c>.</summary>
public class LayerTests
{
    [Fact]
    public void FieldsWithInitializers()
    {
        var graph = Build.Forward(
            "private readonly Linear fc1 = Linear(784, 128); private readonly Linear fc2 = nn.Linear(128, 10, hasBias: false);",
            "return fc2.call(functional.relu(fc1.call(x)));");
        Assert.Equal("fc2(Relu(fc1(x)))", GraphDump.Outputs(graph));
        Assert.Equal("fc1 Linear 784→128 Default; fc2 Linear 128→10 Default", GraphDump.Layers(graph));
        Assert.False(graph.Layers[1].HasBias);
    }

    [Fact]
    public void FieldsAssignedInTheConstructor_FromItsOptionalArguments()
    {
        var graph = Build.Module(
            """
            class Net : Module<Tensor, Tensor>
            {
                const int Classes = 10;
                readonly Module<Tensor, Tensor> head;
                Module<Tensor, Tensor> Body { get; }
                public Net(int hidden = 64) : base(nameof(Net))
                {
                    Body = Make(784, hidden);
                    this.head = Linear(hidden, Classes);
                    RegisterComponents();
                }
                static Linear Make(long from, long to) => Linear(from, to);
                public override Tensor forward(Tensor input) => head.call(Body.call(input).sigmoid());
            }
            """);
        Assert.Equal("head(Sigmoid(Body(input)))", GraphDump.Outputs(graph));
        Assert.Equal("Body Linear 784→64 Default; head Linear 64→10 Default", GraphDump.Layers(graph));
    }

    [Fact]
    public void SequentialOfModules()
    {
        var graph = Build.Forward(
            "readonly Sequential net = Sequential(Linear(4, 8), ReLU(), Dropout(0.2), Linear(8, 2), LogSoftmax(1));", "return net.call(x);");
        Assert.Equal("LogSoftmax(net.3(Dropout[0.2](Relu(net.0(x)))))", GraphDump.Outputs(graph));
    }

    [Fact]
    public void SequentialOfNamedModules()
    {
        var graph = Build.Forward(
            """readonly Module<Tensor, Tensor> net = Sequential(("lin", Linear(4, 8)), ("act", Tanh()), ("out", Linear(8, 2)));""",
            "return net.forward(x);");
        Assert.Equal("net.out(Tanh(net.lin(x)))", GraphDump.Outputs(graph));
    }

    [Fact]
    public void SequentialFromAListThatALoopFills()
    {
        var graph = Build.Module(
            """
            class Net : Module<Tensor, Tensor>
            {
                readonly Sequential net;
                public Net() : base("net")
                {
                    int[] widths = { 4, 16, 32, 2 };
                    var modules = new List<(string, Module<Tensor, Tensor>)>();
                    for (int i = 0; i < widths.Length - 1; i++)
                    {
                        modules.Add(($"fc{i}", Linear(widths[i], widths[i + 1])));
                        if (i < widths.Length - 2)
                            modules.Add(($"act{i}", Sigmoid()));
                    }
                    net = Sequential(modules);
                    RegisterComponents();
                }
                public override Tensor forward(Tensor x) => net.call(x);
            }
            """);
        Assert.Equal("net.fc2(Sigmoid(net.fc1(Sigmoid(net.fc0(x)))))", GraphDump.Outputs(graph));
        Assert.Equal("net.fc0 Linear 4→16 Default; net.fc1 Linear 16→32 Default; net.fc2 Linear 32→2 Default", GraphDump.Layers(graph));
    }

    [Fact]
    public void SequentialGrownByAppend()
    {
        var graph = Build.Module(
            """
            class Net : Module<Tensor, Tensor>
            {
                readonly Sequential net = Sequential();
                public Net() : base("net")
                {
                    net.append(Linear(3, 5));
                    net.append("act", ReLU());
                    RegisterComponents();
                }
                public override Tensor forward(Tensor x) => net.call(x);
            }
            """);
        Assert.Equal("Relu(net.0(x))", GraphDump.Outputs(graph));
    }

    [Fact]
    public void ModuleListIndexedAndWalked()
    {
        var graph = Build.Module(
            """
            class Net : Module<Tensor, Tensor>
            {
                readonly ModuleList<Module<Tensor, Tensor>> layers = ModuleList<Module<Tensor, Tensor>>();
                readonly ModuleDict<Module<Tensor, Tensor>> heads = ModuleDict<Module<Tensor, Tensor>>(("a", Linear(8, 1)));
                public Net() : base("net")
                {
                    for (int i = 0; i < 2; i++) layers.Add(Linear(8, 8));
                    layers.append(Linear(8, 8));
                    RegisterComponents();
                }
                public override Tensor forward(Tensor x)
                {
                    foreach (var layer in layers) x = layer.call(x).tanh();
                    for (int i = 0; i < layers.Count; i++) x = layers[i].call(x);
                    return heads["a"].call(x);
                }
            }
            """);
        Assert.Equal(
            "heads.a(layers.2(layers.1(layers.0(Tanh(layers.2(Tanh(layers.1(Tanh(layers.0(x))))))))))", GraphDump.Outputs(graph));
    }

    [Fact]
    public void ModuleDictWalkedByItsValues()
    {
        var graph = Build.Forward(
            """readonly ModuleDict<Module<Tensor, Tensor>> parts = ModuleDict<Module<Tensor, Tensor>>(("a", Linear(8, 4)), ("b", Linear(4, 1)));""",
            "foreach (var part in parts.values()) x = part.call(x); return x;");
        Assert.Equal("parts.b(parts.a(x))", GraphDump.Outputs(graph));
    }

    [Fact]
    public void NestedUserModules_AreInlinedUnderTheirPath()
    {
        var graph = Build.Module(
            """
            class Block : Module<Tensor, Tensor>
            {
                private readonly Module<Tensor, Tensor> conv;
                public Block(long channels) : base("block") { conv = Conv2d(channels, channels, 3, padding: 1); RegisterComponents(); }
                public override Tensor forward(Tensor x) => x + conv.call(x).relu();
            }
            class Net : Module<Tensor, Tensor>
            {
                readonly Block first = new(16);
                readonly Block second = new Block(channels: 16);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => second.call(first.forward(x));
            }
            """);
        var first = "(x + Relu(first.conv(x)))";
        Assert.Equal($"({first} + Relu(second.conv({first})))", GraphDump.Outputs(graph));
        Assert.Equal(144, graph.Layers[0].FanIn);
    }

    [Fact]
    public void PrimaryConstructorsRecordsGenericsAndBaseClasses()
    {
        var graph = Build.Module(
            """
            record Config(int In, int Hidden = 7);
            abstract class Base<T>(string name, T width) : Module<Tensor, Tensor>(name)
            {
                protected readonly T Width = width;
                public override Tensor forward(Tensor x) => Head(x.relu());
                protected abstract Tensor Head(Tensor x);
            }
            partial class Net(Config config) : Base<int>("net", 3)
            {
                public Net() : this(new Config(5)) { }
                readonly Linear fc = Linear(config.In, config.Hidden);
            }
            partial class Net
            {
                protected override Tensor Head(Tensor x) => fc.call(x) * Width;
            }
            """);
        Assert.Equal("Scale[3, 0](fc(Relu(x)))", GraphDump.Outputs(graph));
        Assert.Equal("fc Linear 5→7 Default", GraphDump.Layers(graph));
    }

    [Fact]
    public void AUserClassNamedLikeALayer_IsNoLayer()
    {
        var graph = Build.Module(
            """
            namespace Mine
            {
                class LSTM(long width) : Module<Tensor, Tensor>("mine")
                {
                    readonly Linear inner = Linear(width, width);
                    public override Tensor forward(Tensor x) => inner.call(x).tanh();
                }
            }
            class Net : Module<Tensor, Tensor>
            {
                readonly Mine.LSTM lstm = new Mine.LSTM(6);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => lstm.call(x);
            }
            """);
        Assert.Equal("Tanh(lstm.inner(x))", GraphDump.Outputs(graph));
    }
}
