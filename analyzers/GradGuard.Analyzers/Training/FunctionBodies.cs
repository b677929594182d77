using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Training;

/// <summary>The lambdas and local functions of one method, each traced once.</summary>
internal sealed class FunctionBodies(LocalFacts facts, Func<IMethodSymbol, IOperation, MethodTrace> build)
{
    private readonly Dictionary<IOperation, MethodTrace> _lambdas = [];
    private readonly List<MethodTrace> _traces = [];

    /// <summary>Everything traced so far.</summary>
    public ImmutableArray<MethodTrace> Traces => _traces.SelectMany(trace => trace.Nested.Insert(0, trace)).ToImmutableArray();

    public void Add(ILocalFunctionOperation function)
    {
        if (function.Body is { } body)
            _traces.Add(build(function.Symbol, body));
    }

    /// <summary>The function that <paramref name="value"/> is: a lambda, a method, a parameter's. Null where it is not one, or not known which.</summary>
    public Callee? FunctionOf(IOperation? value) => facts.Resolve(value) switch
    {
        IDelegateCreationOperation creation => FunctionOf(creation.Target),
        IAnonymousFunctionOperation lambda => new Callee { Lambda = TraceOf(lambda) },
        IMethodReferenceOperation reference => new Callee { Method = reference.Method.OriginalDefinition, IsVirtual = reference.IsVirtual },
        IParameterReferenceOperation { Type.TypeKind: TypeKind.Delegate } parameter => new Callee { Delegate = parameter.Parameter.OriginalDefinition },
        _ => null,
    };

    /// <summary>The trace of a lambda, also of one that is not called here and is judged for itself.</summary>
    public MethodTrace TraceOf(IAnonymousFunctionOperation lambda)
    {
        if (!_lambdas.TryGetValue(lambda, out var trace))
        {
            _lambdas[lambda] = trace = build(lambda.Symbol, lambda.Body);
            _traces.Add(trace);
        }

        return trace;
    }
}
