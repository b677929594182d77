using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Instrumentation.Sites;

/// <summary>Reads one source file: what in it can be intercepted, what cannot, and where its modules create their layers.</summary>
internal sealed class FileReader
{
    private const string MethodGroup = "it is handed on as a method group: write a lambda that calls it";
    private const string ExpressionTree = "it is inside an expression tree, which is data and not a call";
    private const string Operators = "it is written with operators, which cannot be intercepted: call torch.sigmoid, or report it with Probe.Activation";
    private const string Sigmoid = "sigmoid";
    private const string Dynamic = "its receiver is dynamic: give it a type";

    private readonly SemanticModel _model;
    private readonly CallKinds _calls;
    private readonly RoleReader _roles;
    private readonly SigmoidReader _sigmoids;
    private readonly CancellationToken _cancellation;
    private readonly List<ForwardSite> _forwards = [];
    private readonly List<ActivationSite> _activations = [];
    private readonly List<HiddenSite> _hidden = [];

    private FileReader(SemanticModel model, CallKinds calls, RoleReader roles, CancellationToken cancellation)
        => (_model, _calls, _roles, _sigmoids, _cancellation) = (model, calls, roles, new SigmoidReader(model, calls, cancellation), cancellation);

    /// <summary>Reads a file; null where nothing of interest is in it, or the compilation knows nothing of TorchSharp.</summary>
    public static InstrumentedFile? Read(SemanticModel model, CompilationUnitSyntax root, CancellationToken cancellation)
    {
        if (TorchSymbols.TryCreate(model.Compilation) is not { } symbols)
            return null;
        var calls = new CallKinds(symbols);
        var reader = new FileReader(model, calls, new RoleReader(model, symbols, cancellation), cancellation);
        foreach (var node in root.DescendantNodes())
        {
            if (node is SimpleNameSyntax name && CallKinds.MayMatter(name.Identifier.ValueText))
                reader.Read(name);
            else if (node is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.DivideExpression } or InvocationExpressionSyntax)
                reader.ReadSigmoid((ExpressionSyntax)node);
        }

        var layers = new LayerSourceReader(model, calls, cancellation);
        layers.Read(root);
        var file = new InstrumentedFile(
            root.SyntaxTree.FilePath, Equatable(reader._forwards), Equatable(reader._activations), Equatable(reader._hidden), Equatable(layers.Layers),
            Equatable(layers.Elements));
        return file.IsEmpty ? null : file;
    }

    private void Read(SimpleNameSyntax name)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (InvocationOf(name) is not { } invocation)
            ReadMethodGroup(name);
        else if (IsBase(invocation))
            return; // The same object, whose call is seen already: and it could not be repeated from outside.
        else if (_model.GetSymbolInfo(invocation, _cancellation).Symbol is IMethodSymbol method)
            ReadCall(name, invocation, method);
        else if (name.Identifier.ValueText == "forward" && IsDynamic(invocation))
            Hide(name, Dynamic);
    }

    private void ReadCall(SimpleNameSyntax name, InvocationExpressionSyntax invocation, IMethodSymbol method)
    {
        var activation = _calls.ActivationOf(method);
        if (activation is null && !_calls.IsForward(method))
            return;
        if (IsInExpressionTree(invocation))
        {
            Hide(name, ExpressionTree);
            return;
        }

        var (signature, hidden) = SignatureReader.Read(method, _model.Compilation);
        if (signature is null || _model.GetInterceptableLocation(invocation, _cancellation) is not { } location)
        {
            if (!IsOwn(invocation))
                Hide(name, hidden ?? MethodGroup);
            return;
        }

        var place = SourceNames.PlaceOf(name, _model);
        if (activation is null)
            _forwards.Add(new ForwardSite(place, signature, location.GetInterceptsLocationAttributeSyntax()));
        else
            _activations.Add(new ActivationSite(place, signature, location.GetInterceptsLocationAttributeSyntax(), activation,
                OrdinalOf(place, activation), _roles.RoleOf(invocation)));
    }

    private void ReadMethodGroup(SimpleNameSyntax name)
    {
        // Declarations, arguments' names and nameof have no symbol of a method, or one that nobody calls.
        var info = _model.GetSymbolInfo(name, _cancellation);
        var method = info.Symbol as IMethodSymbol ?? (info.CandidateReason == CandidateReason.MemberGroup ? null : info.CandidateSymbols.OfType<IMethodSymbol>().FirstOrDefault());
        if (method is not null && (_calls.IsForward(method) || _calls.ActivationOf(method) is not null))
            Hide(name, MethodGroup);
    }

    /// <summary>A sigmoid by hand is seen through the exp inside it.</summary>
    private void ReadSigmoid(ExpressionSyntax written)
    {
        if (_sigmoids.ExpOf(written) is not { } exp || _model.GetSymbolInfo(exp, _cancellation).Symbol is not IMethodSymbol method)
            return;
        var place = SourceNames.PlaceOf(written, _model);
        if (IsInExpressionTree(exp) || SignatureReader.Read(method, _model.Compilation).Signature is not { } signature
            || _model.GetInterceptableLocation(exp, _cancellation) is not { } location)
        {
            _hidden.Add(new HiddenSite(place, "1 / (1 + exp(…))", Operators));
            return;
        }

        var attribute = location.GetInterceptsLocationAttributeSyntax();
        if (!_activations.Exists(other => other.Attribute == attribute))
        {
            _activations.Add(new ActivationSite(place, signature, attribute, Sigmoid, OrdinalOf(place, Sigmoid),
                _sigmoids.IsGate(written) || _roles.RoleOf(written) == ActivationRole.Gate ? ActivationRole.Gate : ActivationRole.Plain, IsExp: true));
        }
    }

    private int OrdinalOf(Place place, string function) => _activations.Count(other => other.Place == place && other.Function == function);

    private void Hide(SimpleNameSyntax name, string reason)
        => _hidden.Add(new HiddenSite(SourceNames.PlaceOf(name, _model), name.Identifier.ValueText, reason));

    private bool IsInExpressionTree(SyntaxNode node)
        => node.Ancestors().OfType<LambdaExpressionSyntax>().Any(lambda
            => _model.GetTypeInfo(lambda, _cancellation).ConvertedType is INamedTypeSymbol { Name: "Expression", ContainingNamespace.Name: "Expressions" });

    private bool IsDynamic(InvocationExpressionSyntax invocation)
        => invocation.Expression is MemberAccessExpressionSyntax access
            && _model.GetTypeInfo(access.Expression, _cancellation).Type is { TypeKind: TypeKind.Dynamic };

    /// <summary>The call whose name this is; null where the name stands for the method itself.</summary>
    private static InvocationExpressionSyntax? InvocationOf(SimpleNameSyntax name)
    {
        SyntaxNode callee = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access
            : name.Parent is MemberBindingExpressionSyntax binding ? binding
            : name;
        return callee.Parent is InvocationExpressionSyntax invocation && invocation.Expression == callee ? invocation : null;
    }

    private static bool IsBase(InvocationExpressionSyntax invocation)
        => invocation.Expression is MemberAccessExpressionSyntax { Expression: BaseExpressionSyntax };

    /// <summary>True for a call on the object itself: a forward that hands over to another of its own.</summary>
    private static bool IsOwn(InvocationExpressionSyntax invocation)
        => invocation.Expression is SimpleNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax };

    private static EquatableArray<T> Equatable<T>(IEnumerable<T> items)
        where T : IEquatable<T>
        => new([.. items]);
}
