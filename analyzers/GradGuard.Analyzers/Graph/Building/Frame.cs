using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>The variables of one call, those it closes over, and what it returned so far.</summary>
internal sealed class Frame(IMethodSymbol? method, Value? self, Frame? parent)
{
    private readonly Dictionary<ISymbol, Slot> _slots = new(SymbolEqualityComparer.Default);

    public IMethodSymbol? Method { get; } = method;

    /// <summary>The value of <c>this</c>.</summary>
    public Value? Self { get; } = self ?? parent?.Self;

    /// <summary>One value for each <c>return</c> that was reached.</summary>
    public List<Value> Returns { get; } = [];

    /// <summary>The object under construction in an initializer, or the receiver of <c>?.</c>.</summary>
    public Stack<Value> Implicit { get; } = new();

    public Slot Declare(ISymbol variable) => _slots.TryGetValue(variable, out var slot) ? slot : _slots[variable] = new Slot(null);

    /// <summary>The slot of a variable of this call or of one it closes over, null where the variable belongs to neither.</summary>
    public Slot? Find(ISymbol variable) => _slots.TryGetValue(variable, out var slot) ? slot : parent?.Find(variable);
}
