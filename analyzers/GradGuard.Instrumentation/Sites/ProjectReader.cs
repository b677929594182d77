using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Instrumentation.Sites;

/// <summary>
/// Reads the files of a project, and remembers what it read. What the calls of a file mean depends on that file, on what the others
/// declare and on the references, but on nobody else's bodies: an edit inside a method has one file read again, an edit of a declaration all.
/// </summary>
internal static class ProjectReader
{
    private static readonly ConditionalWeakTable<SyntaxTree, Memory> Memories = new();

    /// <summary>An entry a file, in their order; null for one that holds nothing of interest.</summary>
    public static ImmutableArray<InstrumentedFile?> Read(Compilation compilation, CancellationToken cancellation)
    {
        var surroundings = Surroundings.Of(compilation);
        var files = ImmutableArray.CreateBuilder<InstrumentedFile?>();
        foreach (var tree in compilation.SyntaxTrees)
        {
            cancellation.ThrowIfCancellationRequested();
            var memory = MemoryOf(tree);
            if (memory.Reading is { } reading && reading.Surroundings.Equals(surroundings))
            {
                surroundings = reading.Surroundings; // Most files share one: the next comparison ends at the reference.
            }
            else
            {
                var root = (CompilationUnitSyntax)tree.GetRoot(cancellation);
                memory.Reading = reading = new Reading(surroundings, FileReader.Read(compilation.GetSemanticModel(tree), root, cancellation));
            }

            files.Add(reading.File);
        }

        return files.ToImmutable();
    }

    private static Memory MemoryOf(SyntaxTree tree) => Memories.GetValue(tree, static tree => new Memory(DeclarationText.Fingerprint(tree.GetRoot())));

    /// <summary>What is known of a tree; trees never change, so it lives as long as its tree does.</summary>
    private sealed class Memory(ulong fingerprint)
    {
        public ulong Fingerprint { get; } = fingerprint;

        /// <summary>The last reading; another compilation's takes its place.</summary>
        public Reading? Reading { get; set; }
    }

    /// <summary>What was read of a file, and what that rests on beside the file.</summary>
    private sealed class Reading(Surroundings surroundings, InstrumentedFile? file)
    {
        public Surroundings Surroundings => surroundings;

        public InstrumentedFile? File => file;
    }

    /// <summary>What the files of a compilation declare together, and what they are compiled against.</summary>
    private sealed class Surroundings(ulong fingerprint, ImmutableArray<MetadataReference> references, CompilationOptions options) : IEquatable<Surroundings>
    {
        private readonly ulong _fingerprint = fingerprint;
        private readonly ImmutableArray<MetadataReference> _references = references;
        private readonly CompilationOptions _options = options;

        public static Surroundings Of(Compilation compilation) => new(
            compilation.SyntaxTrees.Aggregate(0UL, static (all, tree) => DeclarationText.Combine(all, MemoryOf(tree).Fingerprint)),
            [.. compilation.References], compilation.Options);

        public bool Equals(Surroundings? other) => ReferenceEquals(this, other)
            || (other is not null && _fingerprint == other._fingerprint && _options.Equals(other._options) && _references.SequenceEqual(other._references));

        public override bool Equals(object? obj) => Equals(obj as Surroundings);

        public override int GetHashCode() => _fingerprint.GetHashCode();
    }
}
