using GradGuard.Instrumentation.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace GradGuard.Instrumentation.Tests.Generating;

/// <summary>What the generator makes of a few lines of code.</summary>
internal static class Generated
{
    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Linq.Expressions;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        """;

    /// <summary>The generated code; empty where nothing was generated. The whole must compile, and what was generated without a warning.</summary>
    public static string From(string code, BuildSettings? settings = null)
    {
        var compilation = Compiler.Generate(settings ?? new BuildSettings(), [("Models/Code.cs", Usings + code)]);
        Assert.DoesNotContain(compilation.GetDiagnostics(), static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Empty(Warnings(compilation));
        return string.Concat(Trees(compilation).Select(static tree => tree.ToString()));
    }

    /// <summary>The generated code for a module with the given members.</summary>
    public static string FromModule(string members) => From($$"""
        public class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 4);

            public Net() : base("net") => RegisterComponents();

            {{members}}
        }
        """);

    /// <summary>Warnings and errors in what was generated.</summary>
    public static IEnumerable<Diagnostic> Warnings(Compilation compilation)
        => Trees(compilation).SelectMany(tree => compilation.GetSemanticModel(tree).GetDiagnostics())
            .Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);

    public static int Count(string code, string text) => code.Split(text).Length - 1;

    private static IEnumerable<SyntaxTree> Trees(Compilation compilation)
        => compilation.SyntaxTrees.Where(static tree => tree.FilePath.Contains(nameof(InstrumentationGenerator), StringComparison.Ordinal));
}
