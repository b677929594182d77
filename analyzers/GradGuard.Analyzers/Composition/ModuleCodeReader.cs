using System.Collections.Immutable;
using GradGuard.Analyzers.Source;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Composition;

/// <summary>Reads a type's <see cref="ModuleCode"/>.</summary>
internal static class ModuleCodeReader
{
    /// <param name="type">The type.</param>
    /// <param name="operations">Where its operations are found.</param>
    /// <param name="torch">TorchSharp's symbols.</param>
    public static ModuleCode Read(INamedTypeSymbol type, OperationResolver operations, TorchSymbols torch)
    {
        var code = type.GetMembers().SelectMany(member => operations.BlocksOf(member)).ToImmutableArray();
        var calls = type.GetMembers().SelectMany(member => operations.CallsIn(member))
            .Select(call => (Call: call, Kind: torch.TrainingCallOf(call.TargetMethod))).ToList();
        var isPlain = torch.IsUserModule(type) && PlainModules.Contains(type, torch);
        var isJudged = isPlain && !calls.Any(call => KeepsItsOwnList(call.Call, call.Kind, torch));
        var hooked = new HookedModules(calls.Where(call => call.Kind is TrainingCallKind.RegisterHook).Select(call => call.Call));
        return new()
        {
            Type = type,
            ForwardCalls = calls.Where(call => call.Kind is TrainingCallKind.Forward).Select(call => ForwardCalls.Read(call.Call, hooked, torch)).OfType<ForwardCall>().ToImmutableArray(),
            EndlessDropouts = torch.IsUserModule(type) ? Dropouts.WithoutEnd(code, torch).ToImmutableArray() : ImmutableArray<DropoutCall>.Empty,
            BareGroupNorms = BareGroupNorm.In(code, calls.Select(call => call.Call), torch).ToImmutableArray(),
            Constructions = isJudged
                ? type.InstanceConstructors.Select(constructor => ConstructionReader.Read(type, constructor, operations, torch)).OfType<Construction>().ToImmutableArray()
                : ImmutableArray<Construction>.Empty,
            PlainCollections = isJudged ? new CollectionReader(code, torch).Read(type) : ImmutableArray<PlainCollection>.Empty,
            UnregisteredRoots = isPlain && !calls.Any(call => call.Kind is TrainingCallKind.RegisterComponents) ? new UnregisteredRootReader(type, operations, torch).Read() : ImmutableArray<UnregisteredRoot>.Empty,
            UnusedLayers = isPlain ? new UnusedLayerReader(type, operations, torch).Read() : ImmutableArray<MadeMember>.Empty,
        };
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
