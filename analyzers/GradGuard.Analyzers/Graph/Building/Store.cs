namespace GradGuard.Analyzers.Graph.Building;

/// <summary>A place that holds a value: a variable, a field, a list's content, the first values of a weight.</summary>
internal sealed class Slot(Value? value)
{
    /// <summary>The name of the field or property that this is; null for any other place.</summary>
    public string? Member { get; init; }

    public Value? Value { get; internal set; } = value;
}

/// <summary>Writes slots, and remembers what they held, so that the two sides of a branch can be evaluated from the same state.</summary>
internal sealed class Store
{
    private readonly Stack<Dictionary<Slot, Value?>> _journals = new();

    public void Write(Slot slot, Value? value)
    {
        if (_journals.Count > 0 && !_journals.Peek().ContainsKey(slot))
            _journals.Peek().Add(slot, slot.Value);
        slot.Value = value;
    }

    /// <summary>Starts a trial that <see cref="Rollback"/> ends.</summary>
    public void Begin() => _journals.Push([]);

    /// <summary>Takes back every write since <see cref="Begin"/> and returns what the slots had come to hold.</summary>
    public Dictionary<Slot, Value?> Rollback()
    {
        var journal = _journals.Pop();
        var written = new Dictionary<Slot, Value?>();
        foreach (var entry in journal)
        {
            written.Add(entry.Key, entry.Key.Value);
            entry.Key.Value = entry.Value;
        }

        return written;
    }
}
