using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradGuard.Cli.Input;

/// <summary>Sources ready to be analysed.</summary>
/// <param name="Units">What is compiled together, in a fixed order.</param>
/// <param name="Files">How many source files were read.</param>
/// <param name="Skipped">What could not be read.</param>
internal sealed record LoadedTarget(IReadOnlyList<SourceUnit> Units, int Files, IReadOnlyList<Skipped> Skipped);

/// <summary>One compilation: a project, or what stands in for one.</summary>
/// <param name="Name">Its project file or folder, for messages.</param>
/// <param name="Compilation">May hold errors: names that nothing resolves.</param>
/// <param name="Options">What <c>.editorconfig</c> says.</param>
internal sealed record SourceUnit(string Name, CSharpCompilation Compilation, AnalyzerOptions Options);
