namespace GradGuard.Analyzers.Tests.Rules.Modules;

/// <summary>Short texts of module classes.</summary>
internal static class ModuleClass
{
    /// <summary>A class <c>Net</c> with these members and a <c>forward</c> that returns its input.</summary>
    public static string With(string members) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
        {{members}}

            public override Tensor forward(Tensor x) => x;
        }
        """;
}
