using System.Collections.Immutable;
using GradGuard.Analyzers.Source;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Composition;

/// <summary>Reads a type's <see cref="ModuleCode"/>.</summary>
internal static class ModuleCodeReader
{
    /// <summary>Members whose override says what the module holds in the class's own way.</summary>
    private static readonly ImmutableHashSet<string> ListsOfContents = ImmutableHashSet.Create(
        "RegisterComponents", "parameters", "named_parameters", "named_children", "named_modules", "children", "modules");

    /// <param name="type">The type.</param>
    /// <param name="operations">Where its operations are found.</param>
    /// <param name="torch">TorchSharp's symbols.</param>
    public static ModuleCode Read(INamedTypeSymbol type, OperationResolver operations, TorchSymbols torch)
    {
        var code = type.GetMembers().SelectMany(member => operations.BlocksOf(member)).ToImmutableArray();
        var calls = code.SelectMany(block => block.DescendantsAndSelf()).OfType<IInvocationOperation>()
            .Select(call => (Call: call, Kind: torch.TrainingCallOf(call.TargetMethod))).ToList();
        var isPlain = torch.IsUserModule(type) && IsPlainModule(type, torch);
        var isJudged = isPlain && !calls.Any(call => KeepsItsOwnList(call.Call, call.Kind, torch));
        return new()
        {
            Type = type,
            ForwardCalls = calls.Where(call => call.Kind is TrainingCallKind.Forward).Select(call => ForwardCalls.Read(call.Call, torch)).OfType<ForwardCall>().ToImmutableArray(),
            EndlessDropouts = torch.IsUserModule(type) ? Dropouts.WithoutEnd(code, torch).ToImmutableArray() : ImmutableArray<DropoutCall>.Empty,
            Constructions = isJudged
                ? type.InstanceConstructors.Select(constructor => ConstructionReader.Read(type, constructor, operations, torch)).OfType<Construction>().ToImmutableArray()
                : ImmutableArray<Construction>.Empty,
            PlainCollections = isJudged ? new CollectionReader(code, torch).Read(type) : ImmutableArray<PlainCollection>.Empty,
            UnusedLayers = isPlain ? new UnusedLayerReader(type, operations, torch).Read() : ImmutableArray<UnusedLayer>.Empty,
        };
    }

    /// <summary>
    /// True for a class that leaves it to <c>torch.nn.Module</c> what counts as its contents: derived from it or its generic forms by way of the
    /// program's own classes, with no override of the members that list contents.
    /// </summary>
    private static bool IsPlainModule(INamedTypeSymbol type, TorchSymbols torch)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (torch.IsDeclaredInTorchSharp(current))
                return current.Name == torch.Module.Name;
            if (current.GetMembers().OfType<IMethodSymbol>().Any(method => method.IsOverride && ListsOfContents.Contains(method.Name)))
                return false;
        }

        return false;
    }

    /// <summary>Registers by hand, collects the parameters of what it holds by hand, or moves modules it holds into a registering container.</summary>
    private static bool KeepsItsOwnList(IInvocationOperation call, TrainingCallKind? kind, TorchSymbols torch) => kind switch
    {
        TrainingCallKind.Register => call.TargetMethod.Name != "register_buffer",
        TrainingCallKind.Parameters => call.Instance is not IInstanceReferenceOperation,
        null => torch.AreaOf(call.TargetMethod) is TorchArea.Module && call.TargetMethod.Name is "Add" or "Insert" or "append" or "insert" or "extend" or "add"
            && !call.Arguments.Any(argument => NewModules.Makes(argument.Value, torch)),
        _ => false,
    };
}
