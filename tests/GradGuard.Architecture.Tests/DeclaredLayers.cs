using Microsoft.CodeAnalysis;

namespace GradGuard.Architecture.Tests;

/// <summary>The design as it is meant to be. A new folder of the product is placed here, deliberately.</summary>
internal static class DeclaredLayers
{
    private static readonly Ban Workspaces = new(
        "Workspaces",
        type => type.ContainingAssembly?.Name.EndsWith("Workspaces", StringComparison.Ordinal) == true,
        "the command-line compiler has no workspaces and would not load an analyzer that asks for them");

    private static readonly Ban Syntax = new(
        "syntax",
        type => type.ContainingNamespace?.ToDisplayString() == "Microsoft.CodeAnalysis.CSharp.Syntax"
            || (type.ContainingAssembly?.Name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) == true
                && type.Name is "SyntaxNode" or "CSharpSyntaxNode" or "CSharpSyntaxWalker" or "SyntaxWalker"),
        "a rule judges graph, signal and training loop: one that reads syntax misses every other way of writing the same model",
        nameof(SyntaxNode.GetLocation));

    private static readonly Ban Tensors = new(
        "TorchSharp",
        type => type.ContainingAssembly?.Name == "TorchSharp",
        "tensors become numbers in Statistics, once; whoever holds one later can disturb the training or judge what was not recorded");

    public static IReadOnlyList<Layer> Analyzers { get; } =
    [
        new("Torch", "GradGuard.Analyzers.Torch", [],
            "it tells what a TorchSharp operation means, whatever model it stands in") { Bans = [Workspaces] },
        new("Source", "GradGuard.Analyzers.Source", [],
            "it finds the operations of a member, whatever they mean") { Bans = [Workspaces] },
        new("Graph", "GradGuard.Analyzers.Graph", ["Torch", "Source"],
            "a graph says what the model is, not what becomes of a signal in it") { Bans = [Workspaces] },
        new("Signal", "GradGuard.Analyzers.Signal", ["Graph", "Torch"],
            "it computes moments of a graph, and has no opinion on them") { Bans = [Workspaces] },
        new("Training", "GradGuard.Analyzers.Training", ["Graph", "Torch", "Source"],
            "it orders the calls of a loop, and has no opinion on them") { Bans = [Workspaces] },
        new("Composition", "GradGuard.Analyzers.Composition", ["Torch", "Source"],
            "it says what a type holds, registers and calls, and has no opinion on it") { Bans = [Workspaces] },
        new("Catalogue", "GradGuard.Analyzers.Catalogue", [],
            "IDs, titles and links are data that rules, fixes and documents share") { Bans = [Workspaces] },
        new("Rules", "GradGuard.Analyzers.Rules", ["Catalogue", "Composition", "Training", "Signal", "Graph", "Torch"],
            "a rule is a judgement over what the layers below have understood") { Bans = [Workspaces, Syntax] },
        new("Analyzer", "GradGuard.Analyzers", ["Rules", "Catalogue", "Composition", "Training", "Signal", "Graph", "Source", "Torch"],
            "it only wires the layers together") { WithSubNamespaces = false, Bans = [Workspaces] },
        new("Instrumentation", "GradGuard.Instrumentation", ["Prediction", "Sites", "Torch"],
            "it finds calls and writes interceptors, and judges no model") { Bans = [Workspaces] },
        new("Prediction", "GradGuard.Instrumentation.Prediction", ["Sites", "Signal", "Graph", "Source", "Torch"],
            "it writes down what the signal is computed to be, and judges nothing") { Bans = [Workspaces] },
        new("Sites", "GradGuard.Instrumentation.Sites", ["Torch"],
            "it reads what stands in a file, and no more") { Bans = [Workspaces] },
        new("Build", "GradGuard.Analyzers.Build", [],
            "it reads what the compiler reported, inside the user's build, where the analyzers are not loaded") { Bans = [Workspaces] },
        new("CodeFixes", "GradGuard.CodeFixes", ["Rules", "Catalogue"],
            "a fix edits what a rule has found, and finds nothing itself"),
    ];

    public static IReadOnlyList<Layer> Monitor { get; } =
    [
        new("Contract", "GradGuard.Monitor", [],
            "alerts and options are what a user's program sees, and stand for themselves") { WithSubNamespaces = false, Bans = [Tensors] },
        new("Statistics", "GradGuard.Monitor.Statistics", ["Contract"],
            "it makes numbers out of a tensor, whichever layer the tensor is from"),
        new("Recording", "GradGuard.Monitor.Recording", ["Statistics", "Contract"],
            "a record is what was measured, before anyone judged it") { Bans = [Tensors] },
        new("Sampling", "GradGuard.Monitor.Sampling", ["Contract"],
            "when to look depends on time spent, not on what was seen") { Bans = [Tensors] },
        new("Capture", "GradGuard.Monitor.Capture", ["Sampling", "Recording", "Statistics", "Contract"],
            "it takes hold of tensors and hands on records, and judges neither"),
        new("Instrumentation", "GradGuard.Monitor.Instrumentation", ["Capture", "Recording", "Contract"],
            "generated code talks to it: it hands calls on to the capture and keeps the tables of what is in the code"),
        new("Detection", "GradGuard.Monitor.Detection", ["Recording", "Statistics", "Contract"],
            "a detector is a pure function from records to findings, so that a finished run can be judged again") { Bans = [Tensors] },
        new("Alerting", "GradGuard.Monitor.Alerting", ["Detection", "Recording", "Contract"],
            "it decides which findings a user hears of, from the findings alone") { Bans = [Tensors] },
        new("Export", "GradGuard.Monitor.Export", ["Recording", "Statistics", "Contract"],
            "an export shows what was recorded and decided; it decides nothing") { Bans = [Tensors] },
        new("Monitor", "GradGuard.Monitor", ["Capture", "Instrumentation", "Statistics", "Recording", "Sampling", "Detection", "Alerting", "Export", "Contract"],
            "it only wires the layers together") { OnlyTypes = ["GradientMonitor", "Coverage", "RunCoverage", "LayerCoverage", "RunExtent", "Probe", "RecurrenceContext", "RunDocumentFactory"] },
        new("Testing", "GradGuard.Monitor.Testing", ["Monitor", "Recording", "Instrumentation", "Contract"],
            "an assertion judges what a whole run showed; it trains through the monitor, as a user's program does"),
        new("Elf", "GradGuard.Monitor.Build.Elf", [],
            "it reads libraries, whoever made them"),
        new("Build", "GradGuard.Monitor.Build", ["Elf"],
            "it runs inside the user's build, where the monitor is not loaded") { WithSubNamespaces = false, Bans = [Tensors] },
    ];

    /// <summary>The command line, above the analyzers that it runs.</summary>
    public static IReadOnlyList<Layer> CommandLine { get; } =
    [
        .. Analyzers.Where(layer => layer.Name != "CodeFixes"),
        new("Input", "GradGuard.Cli.Input", [],
            "what is loaded does not depend on what is done with it"),
        new("Runs", "GradGuard.Cli.Runs", ["Input"],
            "it reads what a run has left behind, whoever asks, and judges none of it") { Bans = [Tensors] },
        new("Analysis", "GradGuard.Cli.Analysis", ["Input", "Analyzer", "Rules"],
            "it runs the rules and hands on plain data"),
        new("Prediction", "GradGuard.Cli.Prediction", ["Input", "Signal", "Graph", "Source", "Torch"],
            "it hands on what the analyzers compute, and judges nothing"),
        new("Comparison", "GradGuard.Cli.Comparison", ["Runs", "Input"],
            "it judges one run by others, whatever is made of the verdict") { Bans = [Tensors] },
        new("Checking", "GradGuard.Cli.Checking", ["Runs", "Analysis", "Input", "Catalogue"],
            "it holds runs against a policy, and does not care how the verdict is shown") { Bans = [Tensors] },
        new("Formats", "GradGuard.Cli.Formats", ["Checking", "Analysis", "Prediction", "Comparison", "Runs", "Input", "Signal"],
            "a format writes down what it is given, and decides nothing"),
        new("Baselines", "GradGuard.Cli.Baselines", ["Formats", "Analysis", "Input"],
            "it tells accepted findings from new ones, whichever command asks"),
        new("Commands", "GradGuard.Cli.Commands", ["Baselines", "Formats", "Checking", "Comparison", "Prediction", "Analysis", "Runs", "Input", "Analyzer"],
            "a command only wires input, analysis and format together"),
    ];
}
