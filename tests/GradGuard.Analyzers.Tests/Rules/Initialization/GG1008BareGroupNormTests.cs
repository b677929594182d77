using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Initialization;

namespace GradGuard.Analyzers.Tests.Rules.Initialization;

public class GG1008BareGroupNormTests() : OneRuleTests("GG1008")
{
    [Theory]
    [InlineData("private readonly GroupNorm norm = {|GG1008:GroupNorm(8, 32)|};")]
    [InlineData("private readonly GroupNorm norm = {|GG1008:GroupNorm(8, 32, affine: true)|};")]
    [InlineData("private readonly GroupNorm norm = {|GG1008:torch.nn.GroupNorm(8, 32)|}.to(torch.CPU);")]
    [InlineData("private readonly Module<Tensor, Tensor> norm = {|GG1008:GroupNorm(8, 32)|};")]
    [InlineData("private GroupNorm Norm { get; } = {|GG1008:GroupNorm(8, 32)|};")]
    [InlineData("private readonly Sequential body = Sequential(Conv2d(3, 32, 3), {|GG1008:GroupNorm(8, 32)|}, ReLU());")]
    [InlineData("private readonly Sequential body = Sequential((\"conv\", Conv2d(3, 32, 3)), (\"norm\", {|GG1008:GroupNorm(8, 32)|}));")]
    [InlineData("private readonly GroupNorm norm; public Net() : base(\"net\") { norm = {|GG1008:GroupNorm(8, 32)|}; RegisterComponents(); }", "")]
    [InlineData("private readonly GroupNorm a = {|GG1008:GroupNorm(8, 32)|}, b = GroupNorm(8, 32);", "init.ones_(b.weight); init.zeros_(b.bias!);")]
    [InlineData("private readonly GroupNorm norm = {|GG1008:GroupNorm(8, 32)|};", "init.ones_(norm.weight);")]
    [InlineData("private readonly GroupNorm norm = {|GG1008:GroupNorm(8, 32)|};", "init.zeros_(norm.bias!);")]
    public Task ForANormThatNothingFills_Triggers(string members, string constructor = "RegisterComponents();") => FindsAsync(Net(members, constructor));

    [Theory]
    [InlineData("private readonly GroupNorm norm = GroupNorm(8, 32, affine: false);")]
    [InlineData("private readonly LayerNorm norm = LayerNorm(32); private readonly BatchNorm2d batch = BatchNorm2d(32);")]
    [InlineData("private readonly InstanceNorm2d norm = InstanceNorm2d(32, affine: true);")]
    [InlineData("private readonly GroupNorm norm = GroupNorm(8, 32);", "init.ones_(norm.weight); init.zeros_(norm.bias!);")]
    [InlineData("private readonly GroupNorm norm = GroupNorm(8, 32);", "using var off = torch.no_grad(); this.norm.weight.fill_(1); norm.bias!.zero_();")]
    [InlineData("private readonly GroupNorm norm = GroupNorm(8, 32);", "norm.weight = Parameter(torch.ones(32)); norm.bias = Parameter(torch.zeros(32));")]
    [InlineData("private readonly GroupNorm norm = GroupNorm(8, 32);", "Start(norm);")]
    [InlineData("private readonly GroupNorm norm = Started(GroupNorm(8, 32));")]
    [InlineData("private readonly GroupNorm norm = GroupNorm(8, 32);", "foreach (var (name, p) in named_parameters()) if (p.dim() == 1) init.constant_(p, name.EndsWith(\"weight\") ? 1 : 0);")]
    [InlineData("private readonly GroupNorm norm = GroupNorm(8, 32);", "foreach (var p in parameters()) init.constant_(p, 1);")]
    [InlineData("private readonly GroupNorm norm = GroupNorm(8, 32);", "apply(m => { if (m is GroupNorm g) { init.ones_(g.weight); init.zeros_(g.bias!); } });")]
    [InlineData("private readonly GroupNorm norm = GroupNorm(8, 32);", "load(\"weights.bin\");")]
    [InlineData("private static GroupNorm Make() => GroupNorm(8, 32);")]
    [InlineData("private readonly Func<GroupNorm> make = () => GroupNorm(8, 32);")]
    public Task ForANormThatIsOrMayBeFilled_DoesNotTrigger(string members, string constructor = "RegisterComponents();") => FindsAsync(Net(members, constructor));

    [Theory]
    [InlineData("var norm = {|GG1008:GroupNorm(2, 4)|}; Console.WriteLine(norm.call(batches[0].x));")]
    [InlineData("var norms = new List<GroupNorm>(); norms.Add({|GG1008:GroupNorm(2, 4)|});")]
    public Task InAMethodOfAnyType_Triggers(string body) => FindsInMethodAsync(body);

    [Theory]
    [InlineData("var norm = GroupNorm(2, 4); init.ones_(norm.weight); init.zeros_(norm.bias!);")]
    [InlineData("GroupNorm[] norms = new GroupNorm[2]; norms[0] = GroupNorm(2, 4); init.ones_(norms[0].weight); init.zeros_(norms[0].bias!);")]
    public Task InAMethodThatFillsIt_DoesNotTrigger(string body) => FindsInMethodAsync(body);

    [Theory]
    [InlineData("public readonly GroupNorm norm = GroupNorm(8, 32);", "static class Start { public static void Of(Net net) { init.ones_(net.norm.weight); init.zeros_(net.norm.bias!); } }")]
    [InlineData("private readonly GroupNorm norm = GroupNorm(8, 32);", "static class Saved { public static void Into(Net net) => net.load(\"weights.bin\"); }")]
    [InlineData("private readonly GroupNorm norm = GroupNorm(8, 32);", "static class Start { public static void Of(Net net) { foreach (var m in net.modules()) if (m is GroupNorm g) Console.WriteLine(g); } }")]
    public Task WhereAnotherFileFillsIt_DoesNotTrigger(string members, string other) => FindsAsync(Net(members, "RegisterComponents();"), other);

    [Fact]
    public Task WhereAnotherFileOnlyTrainsIt_Triggers() => FindsAsync(
        Net("private readonly GroupNorm norm = {|GG1008:GroupNorm(8, 32)|};", "RegisterComponents();"),
        "static class Training { public static object Of(Net net) { init.zeros_(torch.empty(2)); return optim.Adam(net.parameters()); } }");

    [Fact]
    public Task ForHalfWrittenCode_Triggers_WhereTheNormIsThere() => FindsInHalfWrittenAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly GroupNorm norm = {|GG1008:GroupNorm(8, 32)|};
            public Net() : base("net") { RegisterComponents(); }
            public override Tensor forward(Tensor x) => norm.
        """);

    [Fact]
    public Task Fix_HandsItThroughAMethodThatFillsIt() => FixesAsync<GG1008BareGroupNormFix>(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly GroupNorm norm = {|GG1008:GroupNorm(8, 32)|}; // first
            private readonly Sequential body = Sequential(Conv2d(32, 64, 3), {|GG1008:GroupNorm(8, 64)|}, ReLU());

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => body.call(norm.call(x));
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly GroupNorm norm = Initialized(GroupNorm(8, 32)); // first
            private readonly Sequential body = Sequential(Conv2d(32, 64, 3), Initialized(GroupNorm(8, 64)), ReLU());

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => body.call(norm.call(x));

            private static GroupNorm Initialized(GroupNorm norm)
            {
                init.ones_(norm.weight);
                init.zeros_(norm.bias!);
                return norm;
            }
        }
        """);

    [Fact]
    public Task Fix_UsesTheMethodThatIsThere() => FixesAsync<GG1008BareGroupNormFix>(
        Holder("{|GG1008:GroupNorm(8, 32)|}", "static GroupNorm Initialized(GroupNorm made) { init.ones_(made.weight); init.zeros_(made.bias!); return made; }"),
        Holder("Initialized(GroupNorm(8, 32))", "static GroupNorm Initialized(GroupNorm made) { init.ones_(made.weight); init.zeros_(made.bias!); return made; }"));

    [Fact]
    public Task Fix_IsNotOffered_WhereItsNameMeansSomethingElse() => FixesAsync<GG1008BareGroupNormFix>(
        Holder("{|GG1008:GroupNorm(8, 32)|}", "public bool Initialized { get; set; }"),
        Holder("{|GG1008:GroupNorm(8, 32)|}", "public bool Initialized { get; set; }"));

    private static string Holder(string norm, string member) =>
        $$"""
        class Holder
        {
            private readonly GroupNorm norm = {{norm}};

            public Tensor Call(Tensor x) => norm.call(x);

            {{member}}
        }
        """;

    private static string Net(string members, string constructor) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            {{members}}
            {{(constructor.Length == 0 ? "" : $"public Net() : base(\"net\") {{ {constructor} }}")}}

            public override Tensor forward(Tensor x) => x;

            private static void Start(GroupNorm norm) { init.ones_(norm.weight); init.zeros_(norm.bias!); }

            private static GroupNorm Started(GroupNorm norm) { Start(norm); return norm; }
        }
        """;
}
