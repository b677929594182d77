using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Modules;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Tests.Rules.Modules;

public class GG6002NeverRegisteredTests() : OneRuleTests("GG6002")
{
    [Theory]
    [InlineData("head = Linear(4, 2);")]
    [InlineData("head = torch.nn.Conv2d(4, 2, 3);")]
    [InlineData("this.head = Linear(4, 2).to(DeviceType.CPU);")]
    [InlineData("head = deep ? Linear(4, 2) : null;")]
    [InlineData("head ??= Linear(4, 2);")]
    [InlineData("if (deep) head = Linear(4, 2);")]
    public Task ForALayerMadeAfterRegistration_Triggers(string assignment) => FindsAsync(ModuleClass.With(
        $$"""
            private Module<Tensor, Tensor> head;

            public Net(bool deep) : base("net")
            {
                {|GG6002:RegisterComponents()|};
                {{assignment}}
            }
        """));

    [Theory]
    [InlineData("Parameter weight;", "weight = Parameter(randn(4, 4));")]
    [InlineData("Parameter weight;", "weight = new Parameter(zeros(4));")]
    [InlineData("ModuleList<Linear> layers;", "layers = new ModuleList<Linear>(Linear(4, 4));")]
    [InlineData("Sequential layers;", "layers = Sequential(Linear(4, 4), ReLU());")]
    [InlineData("Dropout drop;", "drop = Dropout(0.5);")]
    [InlineData("BatchNorm1d norm { get; }", "norm = BatchNorm1d(4);")]
    [InlineData("Inner inner;", "inner = new Inner();")]
    public Task ForOtherThingsWithState_Triggers(string member, string assignment) => FindsAsync(
        "class Inner : Module<Tensor, Tensor> { public Inner() : base(\"inner\") { } public override Tensor forward(Tensor x) => x; }\n" + ModuleClass.With(
        $$"""
            private {{member}}

            public Net() : base("net")
            {
                {|GG6002:RegisterComponents()|};
                {{assignment}}
            }
        """));

    [Fact]
    public Task ForALayerMadeInAMethodThatTheConstructorCallsLater_Triggers() => FindsAsync(ModuleClass.With(
        """
            private Linear head;

            public Net() : this(4) => Build();

            public Net(int width) : base("net")
            {
                {|GG6002:RegisterComponents()|};
            }

            private void Build() => head = Linear(4, 2);
        """));

    [Fact]
    public Task SaysWhichMembersAreLost() => Rule.FindsAsync(ModuleClass.With(
        """
            private readonly Linear stem = Linear(4, 4);
            private readonly Linear head;
            private readonly Linear tail;

            public Net() : base("net")
            {
                {|#0:RegisterComponents()|};
                head = Linear(4, 2);
                tail = Linear(4, 2);
            }
        """),
        "GG6002",
        "'head' (and 1 more) is made after RegisterComponents(), which looks at the fields once: parameters() does not list it, so no optimizer trains it, and train(), eval(), to() and save() pass it by");

    [Theory]
    [InlineData("Linear[] {|GG6002:layers|} = { Linear(4, 4), Linear(4, 4) };")]
    [InlineData("List<Module<Tensor, Tensor>> {|GG6002:layers|} = new() { Linear(4, 4), ReLU() };")]
    [InlineData("List<Module<Tensor, Tensor>> {|GG6002:layers|} = [Linear(4, 4), ReLU()];")]
    [InlineData("Dictionary<string, Linear> {|GG6002:layers|} = new() { [\"a\"] = Linear(4, 4) };")]
    [InlineData("Linear[] {|GG6002:layers|} = Enumerable.Range(0, 3).Select(_ => Linear(4, 4)).ToArray();")]
    [InlineData("List<(Linear, Dropout)> {|GG6002:layers|} = new() { (Linear(4, 4), Dropout(0.1)) };")]
    [InlineData("Parameter[] {|GG6002:layers|} = { Parameter(zeros(4)) };")]
    public Task ForAPlainCollection_Triggers(string member) => FindsAsync(ModuleClass.With(
        $$"""
            private readonly {{member}}

            public Net() : base("net") => RegisterComponents();
        """));

    [Theory]
    [InlineData("List<Linear> {|GG6002:layers|} = new();", "layers.Add(Linear(4, 4));")]
    [InlineData("Linear[] {|GG6002:layers|} = new Linear[3];", "layers[i] = Linear(4, 4);")]
    [InlineData("Dictionary<string, Linear> {|GG6002:layers|} = new();", "layers.Add($\"fc{i}\", Linear(4, 4));")]
    [InlineData("Dictionary<string, Linear> {|GG6002:layers|} = new();", "layers[$\"fc{i}\"] = Linear(4, 4);")]
    public Task ForAPlainCollectionFilledInALoop_Triggers(string member, string filling) => FindsAsync(ModuleClass.With(
        $$"""
            private readonly {{member}}

            public Net() : base("net")
            {
                for (var i = 0; i < 3; i++)
                    {{filling}}
                RegisterComponents();
            }
        """));

    [Fact]
    public Task ForACollectionThatOthersMayReach_SuggestsOnly() => Rule.FindsAsync(ModuleClass.With(
        """
            public readonly Linear[] {|#0:Layers|} = { Linear(4, 4) };

            public Net() : base("net") => RegisterComponents();
        """),
        "GG6002",
        DiagnosticSeverity.Info);

    [Theory]
    [InlineData("head = Linear(4, 2); RegisterComponents();")]
    [InlineData("head = Linear(4, 2); RegisterComponents(); head = head.to(DeviceType.CPU);")]
    [InlineData("RegisterComponents(); register_module(\"head\", head = Linear(4, 2));")]
    [InlineData("RegisterComponents(); head = Linear(4, 2); add_module(nameof(head), head);")]
    [InlineData("head = Linear(4, 2); RegisterComponents(); alias = head; activation = ReLU();")]
    [InlineData("head = Linear(4, 2); if (deep) RegisterComponents(); alias = Linear(4, 4);")]
    [InlineData("head = Linear(4, 2);")]
    public Task ForMembersThatAreRegistered_OrMayBe_DoesNotTrigger(string body) => FindsAsync(ModuleClass.With(
        $$"""
            private Linear head;
            private Linear alias;
            private ReLU activation;

            public Net(bool deep) : base("net")
            {
                {{body}}
            }
        """));

    [Theory]
    [InlineData("ModuleList<Linear> layers = new();", "layers.Add(Linear(4, 4));")]
    [InlineData("List<Module<Tensor, Tensor>> layers = new();", "layers.Add(Linear(4, 4)); body = Sequential(layers);")]
    [InlineData("List<Module<Tensor, Tensor>> layers = new();", "layers.Add(Linear(4, 4)); body = Sequential(layers.ToArray());")]
    [InlineData("List<Module<Tensor, Tensor>> layers = new();", "layers.Add(Linear(4, 4)); body = Sequential(); foreach (var layer in layers) body.append(layer);")]
    [InlineData("List<Linear> layers = new();", "layers.Add(Linear(4, 4)); foreach (var layer in layers) register_module(\"a\", layer);")]
    [InlineData("Linear[] layers;", "layers = new[] { first, second };")]
    [InlineData("Module<Tensor, Tensor>[] layers;", "layers = new Module<Tensor, Tensor>[] { ReLU(), Tanh() };")]
    [InlineData("Tensor[] layers;", "layers = new[] { zeros(4) };")]
    public Task ForACollectionOfWhatIsRegisteredElsewhere_DoesNotTrigger(string member, string body) => FindsAsync(ModuleClass.With(
        $$"""
            private {{member}}
            private Sequential body;
            private readonly Linear first = Linear(4, 4);
            private readonly Linear second = Linear(4, 4);

            public Net() : base("net")
            {
                {{body}}
                RegisterComponents();
            }
        """));

    [Fact]
    public Task ForAClassThatListsItsParametersItself_DoesNotTrigger() => FindsAsync(ModuleClass.With(
        """
            private readonly Linear[] layers = { Linear(4, 4) };

            public Net() : base("net") => RegisterComponents();

            public override IEnumerable<Parameter> parameters(bool recurse = true) => layers.SelectMany(layer => layer.parameters(recurse));
        """));

    [Fact]
    public Task ForAClassThatIsNoModule_DoesNotTrigger() => FindsAsync(
        """
        class Agent
        {
            private readonly List<Linear> nets = new() { Linear(4, 4) };
        }
        """);

    [Fact]
    public Task ForHalfWrittenCode_Triggers_WhereTheOrderIsThere() => FindsInHalfWrittenAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private Linear head;

            public Net() : base("net")
            {
                {|GG6002:RegisterComponents()|};
                head = Linear(4, 2);
                tail =
            }
        """);

    [Fact]
    public Task Fix_MovesRegisterComponentsToTheEnd() => FixesAsync<GG6002NeverRegisteredFix>(
        ModuleClass.With(
        """
            private readonly Linear head;
            private readonly Linear tail;

            public Net() : base("net")
            {
                // Everything in one go.
                {|GG6002:RegisterComponents()|};
                head = Linear(4, 2); // classes
                tail = Linear(4, 2);
            }
        """),
        ModuleClass.With(
        """
            private readonly Linear head;
            private readonly Linear tail;

            public Net() : base("net")
            {
                head = Linear(4, 2); // classes
                tail = Linear(4, 2);
                // Everything in one go.
                RegisterComponents();
            }
        """));

    [Theory]
    [InlineData("List<Linear> {|GG6002:layers|} = new();", "ModuleList<Linear> layers = new();", "layers.Add(Linear(4, 4));")]
    [InlineData("List<Linear> {|GG6002:layers|} = new() { Linear(4, 4) }; // all", "ModuleList<Linear> layers = new() { Linear(4, 4) }; // all", "")]
    [InlineData("System.Collections.Generic.List<Linear> {|GG6002:layers|} = new List<Linear> { Linear(4, 4) };", "ModuleList<Linear> layers = new ModuleList<Linear> { Linear(4, 4) };", "")]
    [InlineData("List<Module<Tensor, Tensor>> {|GG6002:layers|} = new();", "ModuleList<Module<Tensor, Tensor>> layers = new();", "for (var i = 0; i < 3; i++) { layers.Add(Linear(4, 4)); layers.Add(ReLU()); }")]
    public Task Fix_MakesAModuleListOfAList(string field, string fixedField, string filling) =>
        FixesAsync<GG6002NeverRegisteredFix>(WithLayers(field, filling), WithLayers(fixedField, filling));

    [Fact]
    public Task Fix_MakesAModuleListOfAListMadeInTheConstructor() => FixesAsync<GG6002NeverRegisteredFix>(
        WithLayers("List<Linear> {|GG6002:layers|};", "this.layers = new List<Linear>(); layers.Add(Linear(4, 4));"),
        WithLayers("ModuleList<Linear> layers;", "this.layers = new ModuleList<Linear>(); layers.Add(Linear(4, 4));"));

    [Theory]
    [InlineData("List<Linear> {|GG6002:layers|} = new(4);", "layers.Add(Linear(4, 4));")]
    [InlineData("List<Linear> {|GG6002:layers|} = new() { Linear(4, 4) };", "layers.ForEach(layer => layer.eval());")]
    [InlineData("List<Linear> {|GG6002:layers|} = new() { Linear(4, 4) };", "layers.AddRange(new Linear[0]);")]
    [InlineData("List<Linear> {|GG6002:layers|} = [Linear(4, 4)];", "")]
    [InlineData("List<Linear> {|GG6002:layers|} = new();", "RegisterComponents(); layers.Add(Linear(4, 4));")]
    public Task Fix_LeavesACollectionThatCannotBeAModuleList(string field, string filling) =>
        FixesAsync<GG6002NeverRegisteredFix>(WithLayers(field, filling), WithLayers(field, filling));

    [Fact]
    public Task Fix_LeavesAnArray() => FixesAsync<GG6002NeverRegisteredFix>(
        ModuleClass.With("    private readonly Linear[] {|GG6002:layers|} = { Linear(4, 4) };\n    public Net() : base(\"net\") => RegisterComponents();"),
        ModuleClass.With("    private readonly Linear[] {|GG6002:layers|} = { Linear(4, 4) };\n    public Net() : base(\"net\") => RegisterComponents();"));

    [Theory]
    [InlineData("var net = new Net(); var optimizer = optim.SGD(net.parameters(), 0.1); net.train();")]
    [InlineData("using Net net = new(); net.to(DeviceType.CPU); foreach (var (name, p) in net.named_parameters()) Console.WriteLine(name);")]
    [InlineData("Module<Tensor, Tensor> net = new Net().to(DeviceType.CPU); Action make = () => optim.Adam(net.parameters());")]
    public Task ForAModelWhoseClassRegistersNothing_Triggers(string training) => FindsAsync(
        Unregistered("{|GG6002:Net|}", "") + $"class Program {{ static void Run() {{ {training} }} }}");

    [Fact]
    public Task ForAModelInAnotherFile_Triggers() => FindsAsync(
        "class Program { static void Run() { var net = new Net(); optim.Adam(net.parameters()); } }",
        Unregistered("{|GG6002:Net|}", ""));

    [Theory]
    [InlineData("var net = new Net(); var body = Sequential(net); optim.Adam(body.parameters()); optim.Adam(net.parameters());")]
    [InlineData("var net = new Net(); Use(net); optim.Adam(net.parameters());")]
    [InlineData("var net = new Net(); net.call(zeros(4));")]
    [InlineData("var net = new Net(); net.register_module(\"more\", ReLU()); optim.Adam(net.parameters());")]
    public Task ForAModelThatAnotherMayRegister_DoesNotTrigger(string training) => FindsAsync(
        Unregistered("Net", "") + $"class Program {{ static void Use(Net net) {{ }} static void Run() {{ {training} }} }}");

    [Theory]
    [InlineData("private void Build() => RegisterComponents();")]
    [InlineData("protected override void RegisterComponents() { }")]
    [InlineData("public override IEnumerable<Parameter> parameters(bool recurse = true) => fc.parameters(recurse);")]
    public Task ForAClassThatRegistersElsewhere_DoesNotTrigger(string member) => FindsAsync(
        Unregistered("Net", member) + "class Program { static void Run() { var net = new Net(); optim.Adam(net.parameters()); } }");

    [Fact]
    public Task Fix_RegistersAtTheEnd() => FixesAsync<GG6002NeverRegisteredFix>(
        Unregistered("{|GG6002:Net|}", "") + "class Program { static void Run() { var net = new Net(); optim.Adam(net.parameters()); } }",
        Unregistered("Net", "").Replace("// the head", "// the head\n        RegisterComponents();") + "class Program { static void Run() { var net = new Net(); optim.Adam(net.parameters()); } }");

    private static string Unregistered(string name, string member) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc;
            {{member}}

            public {{name}}() : base("net")
            {
                fc = Linear(4, 2); // the head
            }

            public override Tensor forward(Tensor x) => fc.call(x);
        }

        """;

    private static string WithLayers(string field, string filling) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private {{field}}

            public Net() : base("net")
            {
                {{filling}}
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x);
                return layers.Count > 3 ? layers[0].call(x) : layers.Aggregate(x, (y, layer) => layer.call(y));
            }
        }
        """;
}
