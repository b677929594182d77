using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Instrumentation.Sites;

/// <summary>Tells the calls that matter to the monitor from all others.</summary>
internal sealed class CallKinds(TorchSymbols symbols)
{
    private const string Forward = "forward";

    private static readonly HashSet<string> Names =
    [
        Forward,
        .. FunctionTable.ByName.Where(static entry => entry.Value is TorchOperation.Activation).SelectMany(static entry => new[] { entry.Key, entry.Key + "_" }),
    ];

    /// <summary>False for names that cannot belong to a call of interest: most of a file, told without asking what they mean.</summary>
    public static bool MayMatter(string name) => Names.Contains(name);

    /// <summary>True for an instance method <c>forward</c> of a module, or of an interface that a module may stand behind.</summary>
    public bool IsForward(IMethodSymbol method)
        => method is { Name: Forward, IsStatic: false, MethodKind: MethodKind.Ordinary }
            && (symbols.IsModule(method.ContainingType)
                || (method.ContainingType.TypeKind == TypeKind.Interface && method.Parameters.Any(parameter => symbols.IsTensor(parameter.Type))));

    /// <summary>The name of the activation function a method computes, without the underscore of an in-place form; null for any other method.</summary>
    public string? ActivationOf(IMethodSymbol method)
        => method.Name != Forward && symbols.OperationOf(method) is TorchOperation.Activation && symbols.IsTensor(method.ReturnType)
            ? method.Name.TrimEnd('_')
            : null;

    /// <summary>True for <c>exp</c> of a tensor.</summary>
    public bool IsExp(IMethodSymbol method) => method.Name == "exp" && symbols.OperationOf(method) is TorchOperation.Elementwise { Kind: ElementwiseKind.Exp };

    /// <summary>True for a class whose layers a monitor could name.</summary>
    public bool IsUserModule(ITypeSymbol? type) => symbols.IsUserModule(type);

    /// <summary>True for any module type.</summary>
    public bool IsModule(ITypeSymbol? type) => symbols.IsModule(type);
}
