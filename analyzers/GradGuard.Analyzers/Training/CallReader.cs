using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Training;

/// <summary>Reads what a call means for training: an event of TorchSharp's, a call to follow, or code that cannot be seen.</summary>
internal sealed class CallReader(LocalFacts facts, FunctionBodies functions, MonitorReader monitors, TorchSymbols torch, GradientReach reach)
{
    private readonly TorchCallReader _torchCalls = new(facts, torch);
    private readonly GradientWriteReader _gradients = new(facts, torch);

    /// <summary>What <paramref name="operation"/> does itself; its operands are visited before it.</summary>
    public IEnumerable<TrainingNode> Read(IOperation operation) => operation switch
    {
        IInvocationOperation call => ReadCall(call),
        IObjectCreationOperation { Constructor: { } constructor } creation => torch.TrainingCallOf(constructor) is { } kind
            ? _torchCalls.ReadCreation(kind, creation, creation.Arguments)
            : [Call(creation, constructor, PlaceOfResult(creation), creation.Arguments, isVirtual: false, isHarmless: true)],
        IAssignmentOperation assignment => _gradients.Read(assignment),
        IDynamicInvocationOperation or IFunctionPointerInvocationOperation => [Opaque(operation)],
        _ => [],
    };

    private IEnumerable<TrainingNode> ReadCall(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (torch.TrainingCallOf(method) is { } kind)
            return Closures(call, runsAtLeastOnce: true).Concat(_torchCalls.Read(kind, call));
        if (torch.IsDeclaredInTorchSharp(method))
            return Closures(call, runsAtLeastOnce: false).Concat(_gradients.Read(call)).Concat(_torchCalls.ReadOther(call));
        if (MonitorCalls.Of(method) is { } monitorCall)
            return monitors.Read(monitorCall, call);
        if (method.MethodKind is MethodKind.DelegateInvoke)
            return [ReadDelegate(call)];
        var isOwnCode = !method.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty;
        if (isOwnCode)
            return _gradients.ReadPassedOn(call).Append(Call(call, method, facts.PlaceOf(call.Instance), call.Arguments, call.IsVirtual, IsHarmless(call)));
        return Closures(call, runsAtLeastOnce: false).Concat(MayTrain(method) && !IsHarmless(call) ? [Opaque(call)] : []);
    }

    private TrainingNode ReadDelegate(IInvocationOperation call) => functions.FunctionOf(call.Instance) is { } callee
        ? new CallNode(callee, call.Syntax.GetLocation()) { Arguments = Bind(call.Arguments), Functions = BindFunctions(call.Arguments) }
        : Opaque(call);

    private CallNode Call(
        IOperation operation, IMethodSymbol method, Place? receiver, ImmutableArray<IArgumentOperation> arguments, bool isVirtual, bool isHarmless) =>
        new(new Callee { Method = (method.ReducedFrom ?? method).OriginalDefinition, IsVirtual = isVirtual }, operation.Syntax.GetLocation())
        {
            Receiver = receiver,
            Arguments = Bind(arguments),
            Functions = BindFunctions(arguments),
            IsHarmless = isHarmless,
        };

    private IReadOnlyDictionary<ISymbol, Place?> Bind(ImmutableArray<IArgumentOperation> arguments)
    {
        if (arguments.IsEmpty)
            return CallNode.NoArguments;
        var bound = new Dictionary<ISymbol, Place?>(SymbolEqualityComparer.Default);
        foreach (var argument in arguments)
        {
            if (argument.Parameter is { } parameter)
                bound[parameter.OriginalDefinition] = facts.PlaceOf(argument.Value);
        }

        return bound;
    }

    private IReadOnlyDictionary<ISymbol, Callee> BindFunctions(ImmutableArray<IArgumentOperation> arguments)
    {
        Dictionary<ISymbol, Callee>? bound = null;
        foreach (var argument in arguments)
        {
            if (argument.Parameter is { } parameter && functions.FunctionOf(argument.Value) is { } callee)
                (bound ??= new(SymbolEqualityComparer.Default))[parameter.OriginalDefinition] = callee;
        }

        return bound ?? CallNode.NoFunctions;
    }

    private IEnumerable<TrainingNode> Closures(IInvocationOperation call, bool runsAtLeastOnce)
    {
        foreach (var callee in call.Arguments.Select(argument => functions.FunctionOf(argument.Value)).OfType<Callee>())
        {
            var location = call.Syntax.GetLocation();
            yield return new LoopNode(new CallNode(callee, location), runsAtLeastOnce, location)
            {
                Keyword = location,
                Repeats = call.TargetMethod.Name is "For" or "ForEach" or "ForEachAsync",
            };
        }
    }

    private bool IsHarmless(IInvocationOperation call) =>
        !reach.FromStatics(call.TargetMethod.ContainingType)
        && (call.Instance is null || !reach.From(call.Instance.Type))
        && call.Arguments.All(argument => !reach.From(argument.Value is IConversionOperation conversion ? conversion.Operand.Type : argument.Value.Type));

    /// <summary>Only an assembly that references TorchSharp can touch gradients; GradGuard's monitor reads and changes nothing.</summary>
    private static bool MayTrain(IMethodSymbol method) =>
        method.ContainingAssembly is { Name: not MonitorCalls.AssemblyName } assembly
        && assembly.Modules.Any(module => module.ReferencedAssemblies.Any(reference => reference.Name == "TorchSharp"));

    private static Place? PlaceOfResult(IOperation creation) => TorchCallReader.TargetOf(creation);

    private static TrainingEvent Opaque(IOperation operation) => new(TrainingEventKind.Opaque, target: null, operation.Syntax.GetLocation());
}
