using GradGuard.Analyzers.Tests.Verification;

namespace GradGuard.Analyzers.Tests.Rules.Modules;

public class GG6003RegisteredTooEarlyTests() : OneRuleTests("GG6003")
{
    private const string Base =
        """
        abstract class Encoder : Module<Tensor, Tensor>
        {
            protected readonly Linear stem;

            protected Encoder(string name, int width = 4) : base(name)
            {
                stem = Linear(width, 4);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => stem.call(x);
        }

        """;

    [Theory]
    [InlineData("public Net() : base(\"net\") { {|GG6003:head = Linear(4, 2)|}; }")]
    [InlineData("public Net() : base(\"net\") { {|GG6003:head = Linear(4, 2)|}; RegisterComponents(); }")]
    [InlineData("public Net() : base(\"net\", 8) => {|GG6003:head = Linear(4, 2)|};")]
    [InlineData("public Net() : this(2) { } public Net(int classes) : base(\"net\") { {|GG6003:head = Linear(4, classes)|}; }")]
    public Task ForALayerMadeInTheDerivedConstructor_Triggers(string constructor) => FindsAsync(Base +
        $$"""
        class Net : Encoder
        {
            private readonly Linear head;
            {{constructor}}
        }
        """);

    [Fact]
    public Task AcrossFiles_Triggers() => FindsAsync(
        """
        class Net : Encoder
        {
            private readonly Linear head;
            private readonly Linear tail;

            public Net() : base("net")
            {
                {|GG6003:head = Linear(4, 2)|};
                tail = Linear(4, 2);
            }
        }
        """,
        Base);

    [Fact]
    public Task OverTwoGenerations_Triggers() => FindsAsync(Base +
        """
        class Middle : Encoder
        {
            public Middle() : base("middle") { }
        }

        class Net : Middle
        {
            private readonly Parameter scale;
            public Net() => {|GG6003:scale = Parameter(ones(4))|};
        }
        """);

    [Fact]
    public Task NamesTheBaseClass() => Rule.FindsAsync(Base +
        """
        class Net : Encoder
        {
            private readonly Linear head;
            public Net() : base("net") => {|#0:head = Linear(4, 2)|};
        }
        """,
        "GG6003",
        "'head' is made after the constructor of Encoder has called RegisterComponents(), which runs once: nothing registers it, so no optimizer trains it; make it in a field initializer, which runs before the base constructor");

    [Theory]
    [InlineData("private readonly Linear head = Linear(4, 2); public Net() : base(\"net\") { }")]
    [InlineData("private readonly Linear head = Linear(4, 2); public Net() : base(\"net\") => RegisterComponents();")]
    [InlineData("private readonly Linear head; public Net() : base(\"net\") { head = Linear(4, 2); register_module(\"head\", head); }")]
    [InlineData("private readonly Linear head; public Net() : base(\"net\") => head = stem;")]
    [InlineData("private readonly ReLU relu; public Net() : base(\"net\") => relu = ReLU();")]
    public Task ForMembersThatAreRegistered_DoesNotTrigger(string members) => FindsAsync(Base +
        $$"""
        class Net : Encoder
        {
            {{members}}
        }
        """);

    [Fact]
    public Task ForABaseThatLeavesItToTheDerivedClass_DoesNotTrigger() => FindsAsync(
        """
        abstract class Encoder : Module<Tensor, Tensor>
        {
            protected readonly Linear stem = Linear(4, 4);
            protected Encoder(string name) : base(name) { }
            public override Tensor forward(Tensor x) => stem.call(x);
        }

        class Net : Encoder
        {
            private readonly Linear head;

            public Net() : base("net")
            {
                head = Linear(4, 2);
                RegisterComponents();
            }
        }
        """);

    [Fact]
    public Task ForABaseThatRegistersOnACondition_DoesNotTrigger() => FindsAsync(
        """
        abstract class Encoder : Module<Tensor, Tensor>
        {
            protected Encoder(bool register) : base("encoder")
            {
                if (register)
                    RegisterComponents();
            }

            public override Tensor forward(Tensor x) => x;
        }

        class Net : Encoder
        {
            private readonly Linear head;

            public Net() : base(false)
            {
                head = Linear(4, 2);
                RegisterComponents();
            }
        }
        """);

    [Fact]
    public Task ForHalfWrittenCode_Triggers_WhereTheBaseIsThere() => FindsInHalfWrittenAsync(Base +
        """
        class Net : Encoder
        {
            private readonly Linear head;

            public Net() : base("net")
            {
                {|GG6003:head = Linear(4, 2)|};
                RegisterComp
            }
        """);
}
