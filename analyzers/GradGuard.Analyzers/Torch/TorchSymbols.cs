using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Torch;

/// <summary>
/// TorchSharp's symbols in one compilation. Everything is decided by the symbol and by the assembly it comes from, so that an alias, a
/// <c>using static</c>, a user's class called <c>LSTM</c> or a foreign <c>namespace TorchSharp</c> mislead nobody.
/// </summary>
internal sealed class TorchSymbols
{
    /// <summary>The assembly that declares TorchSharp's API.</summary>
    public const string AssemblyName = "TorchSharp";

    private readonly IAssemblySymbol _assembly;
    private readonly Dictionary<INamedTypeSymbol, TorchArea> _areas = new(SymbolEqualityComparer.Default);
    private readonly INamespaceSymbol? _modules;
    private readonly TypeRoles _roles;
    private readonly ConcurrentDictionary<IMethodSymbol, TrainingCallKind?> _trainingCalls = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<IMethodSymbol, TorchOperation?> _operations = new(SymbolEqualityComparer.Default);

    private TorchSymbols(IAssemblySymbol assembly, INamedTypeSymbol tensor, INamedTypeSymbol module)
    {
        _assembly = assembly;
        Tensor = tensor;
        Module = module;
        Optimizer = assembly.GetTypeByMetadataName("TorchSharp.torch+optim+Optimizer");
        Scheduler = assembly.GetTypeByMetadataName("TorchSharp.torch+optim+lr_scheduler+LRScheduler");
        Parameter = assembly.GetTypeByMetadataName("TorchSharp.Modules.Parameter");
        Scalar = assembly.GetTypeByMetadataName("TorchSharp.Scalar");
        _modules = Parameter?.ContainingNamespace;
        _roles = new(RoleOf, IsModuleInterface);
        foreach (var (name, area) in AreaOfStaticTypes)
        {
            if (assembly.GetTypeByMetadataName(name) is { } type)
                _areas[type] = area;
        }
    }

    /// <summary>The release of TorchSharp.</summary>
    public Version Version => _assembly.Identity.Version;

    public INamedTypeSymbol Tensor { get; }

    /// <summary>The untyped base class <c>torch.nn.Module</c>.</summary>
    public INamedTypeSymbol Module { get; }

    public INamedTypeSymbol? Optimizer { get; }

    public INamedTypeSymbol? Scheduler { get; }

    /// <summary><c>TorchSharp.Modules.Parameter</c>, a tensor that a module trains.</summary>
    public INamedTypeSymbol? Parameter { get; }

    public INamedTypeSymbol? Scalar { get; }

    private static IEnumerable<(string MetadataName, TorchArea Area)> AreaOfStaticTypes =>
    [
        ("TorchSharp.torch", TorchArea.Torch),
        ("TorchSharp.TensorExtensionMethods", TorchArea.TensorExtensions),
        ("TorchSharp.ModuleExtensionMethods", TorchArea.ModuleExtensions),
        ("TorchSharp.torch+nn", TorchArea.NN),
        ("TorchSharp.torch+nn+functional", TorchArea.Functional),
        ("TorchSharp.torch+nn+init", TorchArea.Initializers),
        ("TorchSharp.torch+nn+utils", TorchArea.Gradients),
        ("TorchSharp.torch+special", TorchArea.Special),
        ("TorchSharp.torch+linalg", TorchArea.LinearAlgebra),
        ("TorchSharp.torch+autograd", TorchArea.Autograd),
        ("TorchSharp.torch+optim", TorchArea.OptimizerFactories),
        ("TorchSharp.torch+optim+lr_scheduler", TorchArea.SchedulerFactories),
    ];

    /// <summary>The symbols, or null when the compilation does not reference the TorchSharp assembly: then there is nothing to look at.</summary>
    public static TorchSymbols? TryCreate(Compilation compilation)
    {
        foreach (var assembly in compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (assembly.Identity.Name == AssemblyName
                && assembly.GetTypeByMetadataName("TorchSharp.torch+Tensor") is { } tensor
                && assembly.GetTypeByMetadataName("TorchSharp.torch+nn+Module") is { } module)
                return new TorchSymbols(assembly, tensor, module);
        }

        return null;
    }

    public bool IsDeclaredInTorchSharp(ISymbol symbol) => SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, _assembly);

    /// <summary>True for <c>Tensor</c> and <c>Parameter</c>.</summary>
    public bool IsTensor(ITypeSymbol? type) => Has(type, TypeRole.Tensor);

    public bool IsParameter(ITypeSymbol? type) => Has(type, TypeRole.Parameter);

    /// <summary>True for a module class, also for a type parameter constrained to one and for the interfaces <c>IModule&lt;…&gt;</c>.</summary>
    public bool IsModule(ITypeSymbol? type) => Has(type, TypeRole.Module);

    /// <summary>True for a module class declared by the program, not by TorchSharp.</summary>
    public bool IsUserModule(ITypeSymbol? type) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Class } && !IsDeclaredInTorchSharp(type) && IsModule(type);

    public bool IsOptimizer(ITypeSymbol? type) => Has(type, TypeRole.Optimizer);

    public bool IsScheduler(ITypeSymbol? type) => Has(type, TypeRole.Scheduler);

    /// <summary>What calling a module of this type does; null for a class of the program's own or a type without an entry.</summary>
    public TorchOperation? OperationOfModule(ITypeSymbol? type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current.ContainingNamespace, _modules)
                && current.ContainingType is null
                && ModuleTable.ByTypeName.TryGetValue(current.Name, out var operation))
                return operation;
            if (!IsDeclaredInTorchSharp(current))
                return null;
        }

        return null;
    }

    /// <summary>What a call does with tensors; null for what the tables do not list and for every method that is not TorchSharp's.</summary>
    public TorchOperation? OperationOf(IMethodSymbol method) =>
        _operations.TryGetValue(method, out var known) ? known : _operations.GetOrAdd(method, ReadOperation(Root(method)));

    private TorchOperation? ReadOperation(IMethodSymbol method)
    {
        switch (AreaOf(method))
        {
            case TorchArea.NN or TorchArea.Module when method.MethodKind is MethodKind.Constructor:
                return OperationOfModule(method.ContainingType);
            case TorchArea.NN:
                return IsTensor(method.ReturnType) ? new TorchOperation.Parameter() : OperationOfModule(method.ReturnType);
            case TorchArea.Tensor when method.MethodKind is MethodKind.Constructor:
                return IsParameter(method.ContainingType) ? new TorchOperation.Parameter() : null;
            case TorchArea.Initializers:
                return Look(InitializerTable.ByName, method.Name);
            case TorchArea.Tensor:
                return Look(InitializerTable.ByName, method.Name) ?? Look(FunctionTable.ByName, method.Name.TrimEnd('_'));
            case TorchArea.Torch or TorchArea.Functional or TorchArea.Special or TorchArea.LinearAlgebra or TorchArea.TensorExtensions:
                return Look(FunctionTable.ByName, method.Name.TrimEnd('_'));
            default:
                return null;
        }
    }

    /// <summary>True where the method changes its tensor: <c>relu_</c>, <c>add_</c>, <c>normal_</c>.</summary>
    public bool IsInPlace(IMethodSymbol method) =>
        method.Name.EndsWith("_", StringComparison.Ordinal) && AreaOf(Root(method)) is TorchArea.Tensor or TorchArea.Torch or TorchArea.Initializers;

    /// <summary>The part a call plays in a training loop, also through an override or an interface; null for any other call.</summary>
    public TrainingCallKind? TrainingCallOf(IMethodSymbol method) =>
        _trainingCalls.TryGetValue(method, out var known) ? known : _trainingCalls.GetOrAdd(method, ReadTrainingCall(Root(method)));

    private TrainingCallKind? ReadTrainingCall(IMethodSymbol method)
    {
        if (AreaOf(method) is not { } area)
            return null;
        if (TrainingCallTable.ByName.TryGetValue((area, method.Name), out var kind))
            return kind;
        return area switch
        {
            TorchArea.OptimizerFactories when IsOptimizer(method.ReturnType) => TrainingCallKind.CreateOptimizer,
            TorchArea.Optimizer when method.MethodKind is MethodKind.Constructor => TrainingCallKind.CreateOptimizer,
            TorchArea.SchedulerFactories when IsScheduler(method.ReturnType) => TrainingCallKind.CreateScheduler,
            TorchArea.Scheduler when method.MethodKind is MethodKind.Constructor => TrainingCallKind.CreateScheduler,
            _ => null,
        };
    }

    /// <summary>True for <c>Tensor.grad</c>.</summary>
    public bool IsGradient(IPropertySymbol property) =>
        property.Name == "grad" && SymbolEqualityComparer.Default.Equals(property.ContainingType, Tensor);

    /// <summary>The part of TorchSharp that declares a member; null for a member of anyone else.</summary>
    public TorchArea? AreaOf(ISymbol member)
    {
        if (member.ContainingType?.OriginalDefinition is not { } type || !IsDeclaredInTorchSharp(type))
            return null;
        if (_areas.TryGetValue(type, out var area))
            return area;
        if (IsTensor(type))
            return TorchArea.Tensor;
        if (IsModule(type))
            return TorchArea.Module;
        if (IsOptimizer(type))
            return TorchArea.Optimizer;
        return IsScheduler(type) ? TorchArea.Scheduler : TorchArea.Other;
    }

    /// <summary>The method as first declared: extension methods unreduced, generics open, overrides followed to their base.</summary>
    private static IMethodSymbol Root(IMethodSymbol method)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        while (method.OverriddenMethod is { } overridden)
            method = overridden.OriginalDefinition;
        return method;
    }

    private static TorchOperation? Look(IReadOnlyDictionary<string, TorchOperation> table, string name) =>
        table.TryGetValue(name, out var operation) ? operation : null;

    private bool Has(ITypeSymbol? type, TypeRole role) => (_roles.Of(type) & role) != 0;

    private TypeRole RoleOf(ITypeSymbol type) =>
        Is(type, Tensor) ? TypeRole.Tensor
        : Is(type, Module) ? TypeRole.Module
        : Is(type, Parameter) ? TypeRole.Parameter
        : Is(type, Optimizer) ? TypeRole.Optimizer
        : Is(type, Scheduler) ? TypeRole.Scheduler
        : TypeRole.None;

    private static bool Is(ITypeSymbol type, INamedTypeSymbol? other) => SymbolEqualityComparer.Default.Equals(type, other);

    private bool IsModuleInterface(ITypeSymbol type) => type.Name == "IModule" && IsDeclaredInTorchSharp(type);
}
