using GradGuard.Analyzers.Tests.Verification;

namespace GradGuard.Analyzers.Tests.Rules.Modules;

public class GG6004UnusedLayerTests() : OneRuleTests("GG6004")
{
    [Theory]
    [InlineData("private readonly Linear spare = {|GG6004:Linear(4, 4)|};", "")]
    [InlineData("private Linear spare;", "spare = {|GG6004:torch.nn.Linear(4, 4)|};")]
    [InlineData("private Module<Tensor, Tensor> spare { get; set; }", "this.spare = {|GG6004:Conv2d(1, 4, 3)|};")]
    [InlineData("private readonly BatchNorm1d spare = {|GG6004:BatchNorm1d(4)|};", "")]
    [InlineData("private readonly Sequential spare = {|GG6004:Sequential(Linear(4, 4), ReLU())|};", "")]
    [InlineData("private readonly Parameter spare = {|GG6004:Parameter(randn(4))|};", "")]
    [InlineData("private readonly Net spare = {|GG6004:new Net()|};", "")]
    public Task ForALayerThatNobodyLooksAt_Triggers(string member, string statement) => FindsAsync(Net(member, statement));

    [Theory]
    [InlineData("register_module(nameof(spare), spare);")]
    [InlineData("register_module(\"again\", spare);")]
    [InlineData("init.xavier_uniform_(spare.weight);")]
    public Task ForALayerThatIsOnlyRegisteredOrInitialised_Triggers(string statement) =>
        FindsAsync(Net("private readonly Linear spare = {|GG6004:Linear(4, 4)|};", statement));

    [Fact]
    public Task OverSeveralFiles_Triggers() => FindsAsync(
        Net("private readonly Linear spare = {|GG6004:Linear(4, 4)|};", "").Replace("class Net", "partial class Net"),
        "partial class Net { private Tensor Twice(Tensor x) => fc.call(fc.call(x)); }");

    [Fact]
    public Task SaysWhichAndWhere() => Rule.FindsAsync(
        Net("private readonly Linear spare = {|#0:Linear(4, 4)|};", ""),
        "GG6004",
        "No code of Net uses 'spare': the layer gets no gradient, keeps its first values, and is saved and loaded with the rest");

    [Theory]
    [InlineData("private Tensor Run(Tensor x) => spare.call(x);")]
    [InlineData("private Func<Tensor, Tensor> Later() => x => spare.call(x);")]
    [InlineData("public Linear Spare => spare;")]
    [InlineData("private IEnumerable<Parameter> Frozen() => spare.parameters();")]
    [InlineData("private void Show() => Console.WriteLine(spare);")]
    [InlineData("private class Probe { public static Tensor Run(Net net, Tensor x) => net.spare.call(x); }")]
    [InlineData("private Tensor All(Tensor x) => children().OfType<Module<Tensor, Tensor>>().Aggregate(x, (y, layer) => layer.call(y));")]
    [InlineData("private void Restore() => load(\"weights\");")]
    [InlineData("private void Look() => GetType().GetFields();")]
    public Task ForALayerThatIsReached_DoesNotTrigger(string use) =>
        FindsAsync(Net("private readonly Linear spare = Linear(4, 4);\n    " + use, ""));

    [Theory]
    [InlineData("public readonly Linear spare = Linear(4, 4);", "")]
    [InlineData("protected readonly Linear spare = Linear(4, 4);", "")]
    [InlineData("internal readonly Linear spare = Linear(4, 4);", "")]
    [InlineData("private readonly ReLU spare = ReLU();", "")]
    [InlineData("private readonly Linear spare; private readonly Sequential body;", "spare = Linear(4, 4); body = Sequential(spare); fc.register_module(\"b\", body); Console.WriteLine(body);")]
    [InlineData("private readonly Linear spare; private readonly Module<Tensor, Tensor> last;", "Console.WriteLine(spare = Linear(4, 4));")]
    [InlineData("private readonly Linear spare = Linear(4, 4);", "fc.weight = spare.weight;")]
    public Task ForMembersInReachOfOthers_OrHandedOn_DoesNotTrigger(string member, string statement) => FindsAsync(Net(member, statement));

    [Fact]
    public Task InAStub_DoesNotTrigger() => FindsAsync(ModuleClass.With(
        """
            private readonly Linear a = Linear(4, 4);
            private readonly Linear b = Linear(4, 4);
            public Net() : base("net") => RegisterComponents();
        """));

    [Fact]
    public Task BelowABaseThatWalksItsChildren_DoesNotTrigger() => FindsAsync(
        Net("private readonly Linear spare = Linear(4, 4);", "").Replace(": Module<Tensor, Tensor>", ": Chain"),
        """
        abstract class Chain : Module<Tensor, Tensor>
        {
            protected Chain(string name) : base(name) { }
            public Tensor All(Tensor x) => named_children().Select(child => (Module<Tensor, Tensor>)child.module).Aggregate(x, (y, layer) => layer.call(y));
        }
        """);

    [Fact]
    public Task BelowABaseInAnotherFile_Triggers() => FindsAsync(
        Net("private readonly Linear spare = {|GG6004:Linear(4, 4)|};", "").Replace(": Module<Tensor, Tensor>", ": Block"),
        "abstract class Block : Module<Tensor, Tensor> { protected Block(string name) : base(name) { } protected int Runs { get; set; } = 1; }");

    [Fact]
    public Task WhileTheClassIsWritten_DoesNotTrigger() => FindsInHalfWrittenAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 4);
            private readonly Linear spare = Linear(4, 4);
            public Net() : base("net") => RegisterComponents();
            public override Tensor forward(Tensor x)
            {
                x = fc.call(x);
                return spar
        """);

    private static string Net(string member, string statement) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 4);
            {{member}}

            public Net() : base("net")
            {
                {{statement}}
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """;
}
