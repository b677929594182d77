using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GradGuard.Benchmarks.AnalyzeSpeed;

/// <summary>
/// Sources that people wrote, copied until they are as many as wanted. Each folder directly under the given one is taken for a program of its own and put
/// into a namespace of its own, and so is each copy; a program is copied whole, so that there may be a few files less. What does not compile against the
/// framework and TorchSharp alone is left out.
/// </summary>
internal static class CopiedSources
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, DocumentationMode.None);

    /// <summary>The files' texts.</summary>
    /// <param name="folder">Where the programs are.</param>
    /// <param name="files">How many files, at the most.</param>
    /// <param name="space">What the namespaces of the copies begin with.</param>
    /// <exception cref="InvalidOperationException">None of the sources compiles.</exception>
    public static IEnumerable<string> Create(string folder, int files, string space)
    {
        var programs = Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Select(CompilingSources).Where(program => program.Count > 0).ToList();
        if (programs.Count == 0)
            throw new InvalidOperationException($"{folder}: no folder in it has sources that compile against TorchSharp alone");
        for (var (copy, left) = (0, files); programs.Exists(program => program.Count <= left); copy++)
        {
            foreach (var (number, program) in programs.Index().Where(entry => entry.Item.Count <= left))
            {
                left -= program.Count;
                foreach (var root in program)
                    yield return Wrapped(root, $"{space}{copy}.Program{number}");
            }
        }
    }

    /// <summary>The sources of one program, less those with errors, until there are none.</summary>
    private static List<CompilationUnitSyntax> CompilingSources(string folder)
    {
        var paths = Directory.EnumerateFiles(folder, "*.cs", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint });
        var roots = paths.Order(StringComparer.Ordinal)
            .Select(path => CSharpSyntaxTree.ParseText(SourceText.From(File.ReadAllText(path)), Options).GetCompilationUnitRoot())
            .Where(root => root.AttributeLists.Count == 0 && root.Externs.Count == 0 && !root.Members.Any(member => member is GlobalStatementSyntax)
                && !root.Usings.Any(name => name.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword)))
            .ToList();
        while (roots.Count > 0)
        {
            var trees = roots.ConvertAll(root => CSharpSyntaxTree.ParseText(Wrapped(root, "Copy0.Program0"), Options, encoding: Encoding.UTF8));
            var compilation = CSharpCompilation.Create(
                "Program", [.. trees, MeasuredProject.ImplicitUsings(Options)], CompilerReferences.All, new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
            var broken = compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                .Select(error => error.Location.SourceTree).OfType<SyntaxTree>().ToHashSet();
            if (broken.Count == 0)
                return roots;
            roots = [.. roots.Where((_, index) => !broken.Contains(trees[index]))];
        }

        return roots;
    }

    /// <summary>The file in a namespace. Its usings go inside, where they find the namespaces of the same program first.</summary>
    private static string Wrapped(CompilationUnitSyntax root, string space)
    {
        var text = root.ToFullString();
        if (root.Members is [FileScopedNamespaceDeclarationSyntax inner, ..])
            text = $"{text[..inner.SemicolonToken.SpanStart]}{{{text[inner.SemicolonToken.Span.End..]}\n}}";
        return $"namespace {space}\n{{\n{text}\n}}\n";
    }
}
