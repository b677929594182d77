using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Training;

/// <summary>Which module classes were seen to reach a variable, however general its declared type is, and which of them recur.</summary>
internal sealed class ModuleTypes
{
    private readonly TorchSymbols _torch;
    private readonly Lazy<ILookup<ISymbol, ModuleFlow>> _flows;

    public ModuleTypes(TraceIndex index, TorchSymbols torch)
    {
        _torch = torch;
        _flows = new(() => index.Roots.SelectMany(trace => trace.Flows).ToLookup(flow => flow.Target, SymbolEqualityComparer.Default));
    }

    /// <summary>A recurrent layer that reaches <paramref name="place"/>, or that a module there holds; null where none was seen.</summary>
    /// <param name="place">A variable, or <c>this</c>.</param>
    /// <param name="declared">Its static type.</param>
    public RecurrentLayer? RecurrentAt(Place? place, ITypeSymbol? declared) =>
        TypesReaching(place?.Symbol, declared)
            .Select(type => RecurrentIn(type, new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default))).FirstOrDefault(found => found is not null);

    /// <summary>The declared type first, then every type that was stored, passed or returned on the way.</summary>
    private IEnumerable<ITypeSymbol> TypesReaching(ISymbol? symbol, ITypeSymbol? declared)
    {
        if (declared is not null)
            yield return declared;
        if (symbol is null)
            yield break;
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default) { symbol };
        var open = new Queue<ISymbol>(seen);
        while (open.Count > 0)
        {
            foreach (var flow in _flows.Value[open.Dequeue()])
            {
                if (flow.Type is not null)
                    yield return flow.Type;
                if (flow.Source is not null && seen.Add(flow.Source))
                    open.Enqueue(flow.Source);
            }
        }
    }

    private RecurrentLayer? RecurrentIn(ITypeSymbol type, HashSet<ITypeSymbol> seen)
    {
        if (!seen.Add(type))
            return null;
        if (_torch.OperationOfModule(type) is TorchOperation.Layer { Kind: var kind })
            return IsRecurrent(kind) ? new RecurrentLayer(type, type.Name, Location: null) : null;
        if (type is IArrayTypeSymbol array)
            return RecurrentIn(array.ElementType, seen);
        if (!_torch.IsUserModule(type))
            return (type as INamedTypeSymbol)?.TypeArguments.Select(argument => RecurrentIn(argument, seen)).FirstOrDefault(found => found is not null);
        return FieldsOf(type)
            .SelectMany(field => TypesReaching(field.AssociatedSymbol ?? field, field.Type), (field, held) => (field, found: RecurrentIn(held, seen)))
            .Where(pair => pair.found is not null)
            .Select(pair => pair.found! with { Holder = type, Location = (pair.field.AssociatedSymbol ?? pair.field).Locations[0] })
            .FirstOrDefault();
    }

    private static bool IsRecurrent(LayerKind kind) =>
        kind is LayerKind.Rnn or LayerKind.Lstm or LayerKind.Gru or LayerKind.RnnCell or LayerKind.LstmCell or LayerKind.GruCell;

    private IEnumerable<IFieldSymbol> FieldsOf(ITypeSymbol type)
    {
        for (var current = type; current is not null && !_torch.IsDeclaredInTorchSharp(current); current = current.BaseType)
        {
            foreach (var field in current.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic))
                yield return field;
        }
    }
}

/// <summary>A recurrent layer and who holds it.</summary>
/// <param name="Holder">The module class that was trained.</param>
/// <param name="LayerName"><c>RNN</c>, <c>LSTM</c>, <c>GRUCell</c>, …</param>
/// <param name="Location">The field that holds it; null where the layer itself is trained.</param>
internal sealed record RecurrentLayer(ITypeSymbol Holder, string LayerName, Location? Location);
