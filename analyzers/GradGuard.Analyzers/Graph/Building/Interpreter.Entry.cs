using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph.Building;

internal sealed partial class Interpreter
{
    /// <summary>An object made without knowing the constructor's arguments: of several constructors the one that leaves least open.</summary>
    public InstanceValue? ConstructUnknown(INamedTypeSymbol type)
    {
        var constructor = type.OriginalDefinition.InstanceConstructors
            .Where(candidate => !IsCopyConstructor(candidate))
            .OrderBy(candidate => candidate.Parameters.Count(parameter => !parameter.HasExplicitDefaultValue))
            .FirstOrDefault();
        var arguments = constructor is null ? ArgumentMap.Empty : Unknowns(constructor);
        var instance = Construct(type, constructor, arguments, null) as InstanceValue;
        if (instance is not null)
            ModuleTree.AssignFrom(instance);
        return instance;
    }

    /// <summary>Runs a method on inputs from outside and gives the tensors it returns, or else the losses it computes.</summary>
    public ImmutableArray<GraphNode> Run(IMethodSymbol method, Value? self)
    {
        method = method.PartialImplementationPart ?? method;
        if (BodyOf(method) is not { } body)
            return ImmutableArray<GraphNode>.Empty;
        var result = Invoke(method, body, self, Unknowns(method), null, body);
        return [.. new Operands(result, ArgumentMap.Empty).Tensors.Select(tensor => Node(tensor, body.Syntax.GetLocation())).Distinct()];
    }

    public ModelGraph Finish(string name, INamedTypeSymbol type, bool isModule, ImmutableArray<GraphNode> outputs)
    {
        Torch.Initializers.Finish();
        var nodes = Emitter.Finish(outputs);
        return new ModelGraph
        {
            Name = name,
            Type = type,
            IsModule = isModule,
            Layers = [.. Emitter.Layers],
            Nodes = nodes,
            Freezes = Emitter.Freezes,
            Outputs = outputs.IsEmpty && !isModule ? [.. nodes.OfType<LossNode>()] : outputs,
        };
    }

    private static bool IsCopyConstructor(IMethodSymbol constructor) =>
        constructor.ContainingType.IsRecord && constructor.Parameters is [{ Type: var only }]
        && SymbolEqualityComparer.Default.Equals(only, constructor.ContainingType);

    private ArgumentMap Unknowns(IMethodSymbol method) =>
        new([.. method.Parameters.Select(parameter =>
        {
            var location = parameter.Locations.FirstOrDefault() ?? Location.None;
            var isNumber = parameter is { HasExplicitDefaultValue: true, ExplicitDefaultValue: not null };
            return (parameter, isNumber ? new ConstantValue(parameter.ExplicitDefaultValue) : Outside(parameter.Type, parameter.Name, location), isNumber);
        })]);
}
