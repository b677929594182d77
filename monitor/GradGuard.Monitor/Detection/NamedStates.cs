using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>What a detector remembers of each layer or parameter, by name.</summary>
/// <remarks>
/// A reading lists the same names in the same places as the one before it. So a state is first looked for where its place had it last, side by
/// side with its neighbours: between two steps training takes the caches, and each hash of a name would fetch three lines from memory.
/// </remarks>
internal sealed class NamedStates<TName, TState>
    where TName : notnull
{
    private readonly Dictionary<TName, int> _indices = [];
    private Entry[] _entries = [];
    private int[] _places = [];

    /// <summary>All states, in the order in which their names were first seen.</summary>
    public ReadOnlySpan<Entry> All => _entries.AsSpan(0, _indices.Count);

    /// <summary>The state of that name, which begins as the default value; valid until the next name is added.</summary>
    /// <param name="place">Where the reading lists it. A wrong place costs time and nothing else.</param>
    /// <param name="name">Its name.</param>
    public ref TState At(int place, TName name)
    {
        if (place >= _places.Length)
            Array.Resize(ref _places, Math.Max(place + 1, 2 * _places.Length));
        var index = _places[place];
        if (index >= _indices.Count || !EqualityComparer<TName>.Default.Equals(_entries[index].Name, name))
            _places[place] = index = IndexOf(name);
        return ref _entries[index].State;
    }

    /// <summary>The state of that name; the default value where there is none. Looks everywhere.</summary>
    public TState? Of(TName name) => _indices.TryGetValue(name, out var index) ? _entries[index].State : default;

    /// <summary>Saves or restores all states, as a dictionary.</summary>
    public void Persist(StateArchive archive, Func<TName, TName> name, Func<TState, TState> state)
        => archive.Items(All.ToArray(), _indices.Clear, entry => At(0, entry.Name) = entry.State, entry => new(name(entry.Name), state(entry.State)));

    private int IndexOf(TName name)
    {
        if (_indices.TryGetValue(name, out var index))
            return index;
        index = _indices.Count;
        if (index == _entries.Length)
            Array.Resize(ref _entries, Math.Max(4, 2 * index));
        _entries[index] = new Entry(name, default!);
        _indices.Add(name, index);
        return index;
    }

    /// <summary>A name and its state.</summary>
    internal struct Entry(TName name, TState state)
    {
        public readonly TName Name = name;
        public TState State = state;
    }
}
