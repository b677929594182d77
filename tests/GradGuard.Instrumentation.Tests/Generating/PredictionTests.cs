using System.Globalization;
using GradGuard.Instrumentation.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace GradGuard.Instrumentation.Tests.Generating;

/// <summary>The predicted start of training, as the generator writes it down.</summary>
public sealed class PredictionTests
{
    private static readonly BuildSettings Settings = new() { Instrumented = false, Predicted = true };

    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        namespace Models;

        """;

    [Fact]
    public void WeightsOfStdOne_PredictWhatTheFormulasSay()
    {
        var rows = Rows("""
            public class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc1 = Linear(784, 128, hasBias: false);
                private readonly Linear fc2 = Linear(128, 10, hasBias: false);

                public Net() : base("net")
                {
                    init.normal_(fc1.weight!, 0, 1);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => fc2.call(fc1.call(x).sigmoid());
            }
            """);

        Assert.Equal([("Models.Net", "fc1"), ("Models.Net", "fc2")], rows.Select(static row => (row.Type, row.Layer)));
        Assert.Equal(784, rows[0].FanIn);
        Assert.Equal(1, rows[0].WeightRms, 1e-12);
        Assert.Equal(Math.Sqrt(784), rows[0].Std, 1e-3);
        Assert.InRange(rows[0].SaturatedShare, 0.88, 0.89);
        Assert.True(rows[0].AssumesUnitInput);
        Assert.Equal(1 / Math.Sqrt(3 * 128), rows[1].WeightRms, 1e-12);
        Assert.Equal(double.NaN, rows[1].SaturatedShare);
        Assert.Equal(1, rows[1].GradientRatio);
    }

    [Fact]
    public void TypesAreNamedAsReflectionNamesThem()
    {
        var rows = Rows("""
            public class Outer<T>
            {
                public class Net : Module<Tensor, Tensor>
                {
                    private readonly Linear fc = Linear(4, 4);
                    public Net() : base("net") => RegisterComponents();
                    public override Tensor forward(Tensor x) => fc.call(x);
                }
            }
            """);

        Assert.Equal("Models.Outer`1+Net", Assert.Single(rows).Type);
    }

    /// <summary>Code of other files and base classes counts: it is followed from where a class begins.</summary>
    [Fact]
    public void LayersInListsBasesAndOtherFiles_HaveThePathsOfNamedModules()
    {
        var rows = Rows("""
            public abstract class Base : Module<Tensor, Tensor>
            {
                protected readonly ModuleList<Module<Tensor, Tensor>> blocks = new();
                protected Base() : base("base") { for (var i = 0; i < 2; i++) blocks.Add(new Block()); }
                public override Tensor forward(Tensor x) { foreach (var block in blocks) x = block.call(x); return x; }
            }

            public class Net : Base { public Net() => RegisterComponents(); }
            """, """
            public class Block : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(8, 8);
                public Block() : base("block") => RegisterComponents();
                public override Tensor forward(Tensor x) => functional.relu(fc.call(x));
            }
            """);

        Assert.Equal(["blocks.0.fc", "blocks.1.fc"], rows.Where(static row => row.Type == "Models.Net").Select(static row => row.Layer));
        Assert.DoesNotContain(rows, static row => row.Type == "Models.Base");
    }

    [Fact]
    public void WhatCannotBeFollowed_IsNotKnown()
    {
        var rows = Rows("""
            public class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc1 = Linear(8, 8);
                private readonly Linear fc2 = Linear(8, 8);
                private readonly Linear spare = Linear(8, 8);
                private readonly Func<Tensor, Tensor> given;
                public Net(Func<Tensor, Tensor> given) : base("net") { this.given = given; RegisterComponents(); }
                public override Tensor forward(Tensor x) => fc2.call(given(fc1.call(x)));
            }
            """);

        Assert.Equal(["fc1", "fc2", "spare"], rows.Select(static row => row.Layer));
        Assert.False(double.IsNaN(rows[0].Std));
        Assert.True(double.IsNaN(rows[1].Std));
        Assert.True(double.IsNaN(rows[2].Std));
    }

    [Fact]
    public void ALayerThatRunsTwice_HasNoOneStart()
    {
        var rows = Rows("""
            public class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(8, 8);
                private readonly Linear head = Linear(8, 2);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => head.call(fc.call(fc.call(x).relu()).relu());
            }
            """);

        Assert.Equal(["fc", "head"], rows.Select(static row => row.Layer));
        Assert.True(double.IsNaN(rows[0].Std));
        Assert.False(double.IsNaN(rows[1].Std));
    }

    [Fact]
    public void InAndBehindARecurrence_IsSaid()
    {
        var rows = Rows("""
            public class Net : Module<Tensor, Tensor>
            {
                private readonly Linear embed = Linear(4, 8);
                private readonly LSTM lstm = LSTM(8, 16, batchFirst: true);
                private readonly Linear head = Linear(16, 2);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => head.call(lstm.call(embed.call(x)).Item1.select(1, -1));
            }
            """);

        Assert.Equal([false, true, true], rows.Select(static row => row.BehindRecurrence));
        Assert.True(double.IsNaN(rows[1].GradientRatio));
    }

    [Theory]
    [InlineData("public class Net : Module<Tensor, Tensor> { public Net() : base(\"net\") { } public override Tensor forward(Tensor x) => x; }")]
    [InlineData("public static class Program { public static void Main() { var model = Sequential(Linear(4, 4)); } }")]
    [InlineData("public class Net : Module<Tensor, Tensor> { public Net(int n) : base(\"net\") { fc = Linear(n, n); } Linear fc; public override Tensor forward(Tensor x) => fc.call(x); }")]
    [InlineData("public class Net : Module<Tensor, Tensor> { public Net() : base( }")]
    [InlineData("public class Net : Net { }")]
    public void WhereNothingIsKnown_NothingIsWritten(string code)
        => Assert.Empty(Compiler.PredictionDriver(Settings).RunGenerators(Compiler.Compilation(Settings, [("Code.cs", Usings + code)]), TestContext.Current.CancellationToken).GetRunResult().GeneratedTrees);

    /// <summary>While somebody types, in a build that did not ask, and where nobody would read it.</summary>
    [Theory]
    [InlineData(false, true, IncrementalGeneratorOutputKind.None)]
    [InlineData(true, false, IncrementalGeneratorOutputKind.None)]
    [InlineData(true, true, IncrementalGeneratorOutputKind.Implementation)]
    public void UnlessABuildAsks_NothingIsWritten(bool predicted, bool hasMonitor, IncrementalGeneratorOutputKind disabled)
    {
        var settings = Settings with { Predicted = predicted, HasMonitor = hasMonitor };
        var run = Compiler.PredictionDriver(settings, disabled).RunGenerators(Compiler.Compilation(settings, Compiler.RealCode), TestContext.Current.CancellationToken).GetRunResult();

        Assert.Empty(run.GeneratedTrees);
        Assert.All(run.Results, static result => Assert.Null(result.Exception));
    }

    [Fact]
    public void RealCode_IsPredictedAlikeInEachBuild()
    {
        var texts = Enumerable.Range(0, 2).Select(static _ => Compiler.PredictionDriver(Settings)
            .RunGenerators(Compiler.Compilation(Settings, Compiler.RealCode)).GetRunResult().GeneratedTrees.Single().ToString()).ToList();

        Assert.Equal(texts[0], texts[1]);
        Assert.Contains("\"RealCode.FieldsAndForward\", \"fc3\"", texts[0], StringComparison.Ordinal);
        Assert.DoesNotContain("was not predicted", texts[0], StringComparison.Ordinal);
    }

    private static List<Row> Rows(params string[] files)
    {
        var sources = files.Select(static (code, index) => ($"Models/File{index}.cs", Usings + code));
        Compiler.PredictionDriver(Settings).RunGeneratorsAndUpdateCompilation(Compiler.Compilation(Settings, sources), out var compilation, out var diagnostics);
        Assert.Empty(diagnostics);
        Assert.DoesNotContain(compilation.GetDiagnostics(), static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Empty(compilation.GetSemanticModel(compilation.SyntaxTrees.Last()).GetDiagnostics());
        return [.. compilation.Assembly.GetAttributes().Where(static row => row.AttributeClass!.Name == "LayerPredictionAttribute").Select(static row => new Row(row.ConstructorArguments))];
    }

    /// <summary>The arguments of one row.</summary>
    private sealed class Row(IReadOnlyList<TypedConstant> arguments)
    {
        public string Type => (string)arguments[0].Value!;

        public string Layer => (string)arguments[1].Value!;

        public double FanIn => Number(2);

        public double WeightRms => Number(3);

        public double Std => Number(4);

        public double SaturatedShare => Number(5);

        public double GradientRatio => Number(7);

        public bool AssumesUnitInput => (bool)arguments[8].Value!;

        public bool BehindRecurrence => (bool)arguments[9].Value!;

        private double Number(int index) => Convert.ToDouble(arguments[index].Value, CultureInfo.InvariantCulture);
    }
}
