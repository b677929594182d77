using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace GradGuard.Cli.Input;

/// <summary>The <c>.editorconfig</c> files that hold for some sources: severities and the rules' options, as in a build.</summary>
internal sealed class EditorConfigs
{
    private readonly AnalyzerConfigSet _set;

    private EditorConfigs(AnalyzerConfigSet set) => _set = set;

    /// <summary>Reads those in the files' folders and above.</summary>
    public static EditorConfigs Around(IEnumerable<string> files)
    {
        var folders = new HashSet<string>();
        foreach (var file in files)
        {
            for (var folder = Path.GetDirectoryName(file); folder is not null && folders.Add(folder);)
                folder = Path.GetDirectoryName(folder);
        }

        return Of(folders.Select(folder => Path.Combine(folder, ".editorconfig")).Where(File.Exists));
    }

    /// <summary>Reads the files named.</summary>
    public static EditorConfigs Of(IEnumerable<string> paths)
    {
        var configs = paths.Order(StringComparer.Ordinal).Select(path => AnalyzerConfig.Parse(SourceText.From(File.ReadAllText(path)), path));
        return new(AnalyzerConfigSet.Create(configs.ToImmutableArray()));
    }

    /// <summary>The rules' options.</summary>
    public AnalyzerOptions Options => new([], new Provider(_set));

    /// <summary>The severities. Trees in <paramref name="bystanders"/> are compiled along and not judged.</summary>
    public SyntaxTreeOptionsProvider Severities(IReadOnlySet<SyntaxTree> bystanders) => new SeverityProvider(_set, bystanders);

    private sealed class Provider(AnalyzerConfigSet set) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(set.GlobalConfigOptions.AnalyzerOptions);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new Values(set.GetOptionsForSourcePath(tree.FilePath).AnalyzerOptions);

        public override AnalyzerConfigOptions GetOptions(AdditionalText file) => new Values(set.GetOptionsForSourcePath(file.Path).AnalyzerOptions);
    }

    private sealed class Values(ImmutableDictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override IEnumerable<string> Keys => values.Keys;

        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) =>
            values.TryGetValue(key, out value);
    }

    private sealed class SeverityProvider(AnalyzerConfigSet set, IReadOnlySet<SyntaxTree> bystanders) : SyntaxTreeOptionsProvider
    {
        public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellation) =>
            bystanders.Contains(tree) ? GeneratedKind.MarkedGenerated : GeneratedKind.Unknown;

        public override bool TryGetDiagnosticValue(SyntaxTree tree, string id, CancellationToken cancellation, out ReportDiagnostic severity) =>
            set.GetOptionsForSourcePath(tree.FilePath).TreeOptions.TryGetValue(id, out severity);

        public override bool TryGetGlobalDiagnosticValue(string id, CancellationToken cancellation, out ReportDiagnostic severity) =>
            set.GlobalConfigOptions.TreeOptions.TryGetValue(id, out severity);
    }
}
