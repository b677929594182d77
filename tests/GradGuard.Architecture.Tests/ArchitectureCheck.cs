using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Architecture.Tests;

/// <summary>Compares what code uses with what the layers allow. Each violation is one line: where, which arrow, and why that arrow stands.</summary>
internal sealed class ArchitectureCheck(IReadOnlyList<Layer> layers)
{
    public IReadOnlyList<string> Violations(Compilation compilation)
    {
        // A use of something that does not resolve would be overlooked.
        var unresolved = compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(10).ToList();
        if (unresolved.Count > 0)
            return [.. unresolved.Select(error => $"The sources do not compile here, so their arrows cannot be known: {error}")];

        var uses = (
            from use in TypeUse.AllOf(compilation)
            let source = LayerOf(use.User)
            where source is not null
            select new LayeredUse(use, source, LayerOf(use.Used))).ToList();
        return [.. Unplaced(compilation).Concat(BrokenArrows(uses)).Concat(BrokenBans(uses)).Concat(Cycles(uses)).Distinct()];
    }

    /// <summary>The layers through which the declared arrows run in a circle; empty when they do not.</summary>
    public IReadOnlyList<string> DeclaredCycle() => Cycle.In(
        layers.SelectMany(layer => layer.MayUse.Select(used => (layer.Name, used))).ToList());

    private Layer? LayerOf(INamedTypeSymbol type) =>
        layers.Where(layer => layer.Claim(type) > 0).MaxBy(layer => layer.Claim(type));

    private IEnumerable<string> Unplaced(Compilation compilation) =>
        from tree in compilation.SyntaxTrees
        where !tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)
        let model = compilation.GetSemanticModel(tree)
        from declaration in tree.GetRoot().DescendantNodes(node => node is not BaseTypeDeclarationSyntax).OfType<BaseTypeDeclarationSyntax>()
        let type = (INamedTypeSymbol)model.GetDeclaredSymbol(declaration)!
        where LayerOf(type) is null
        select $"{tree.FilePath}: {type.ToDisplayString()} is in no declared layer. Say in {nameof(DeclaredLayers)} what "
            + $"{type.ContainingNamespace.ToDisplayString()} is and what it may use.";

    private static IEnumerable<string> BrokenArrows(IEnumerable<LayeredUse> uses)
    {
        foreach (var (use, source, target) in uses)
        {
            if (target is null || source == target || source.MayUse.Contains(target.Name))
                continue;
            var allowed = source.MayUse.Length == 0 ? "no other layer" : "only " + string.Join(", ", source.MayUse);
            yield return $"{use.Place}: {source.Name} uses {use.Used.ToDisplayString()} of {target.Name}. "
                + $"{source.Name} may use {allowed}, because {source.Why}.";
        }
    }

    private static IEnumerable<string> BrokenBans(IEnumerable<LayeredUse> uses) =>
        from layered in uses
        let use = layered.Use
        from ban in layered.Source.Bans
        where ban.Matches(use.Used) && !ban.AllowedMembers.Contains(use.Member)
        select $"{use.Place}: {layered.Source.Name} uses {use.Used.ToDisplayString()}. "
            + $"{layered.Source.Name} stays away from {ban.What}, because {ban.Why}.";

    /// <summary>Namespaces inside a layer are not ordered by the declaration, but may not run in a circle either.</summary>
    private static IEnumerable<string> Cycles(IEnumerable<LayeredUse> uses)
    {
        var places = new Dictionary<(string, string), string>();
        foreach (var (use, source, target) in uses)
        {
            if (target is not null && (NodeOf(use.User, source), NodeOf(use.Used, target)) is var arrow && arrow.Item1 != arrow.Item2)
                places.TryAdd(arrow, use.Place);
        }

        var cycle = Cycle.In(places.Keys.ToList());
        if (cycle.Count > 0)
        {
            var steps = cycle.Zip(cycle.Skip(1).Append(cycle[0]), (source, target) => $"{source} uses {target} ({places[(source, target)]})");
            yield return $"Namespaces use each other in a circle, so that none can be understood or changed alone: {string.Join("; ", steps)}.";
        }
    }

    private static string NodeOf(INamedTypeSymbol type, Layer layer) =>
        layer.OnlyTypes.Length > 0 ? $"{layer.Namespace} ({layer.Name})" : type.ContainingNamespace.ToDisplayString();

    private sealed record LayeredUse(TypeUse Use, Layer Source, Layer? Target);
}
