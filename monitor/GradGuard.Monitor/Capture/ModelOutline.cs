using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>
/// What a model is made of, to tell cheaply whether that has changed: each module's children and own parameters by reference, where <c>named_modules()</c> and <c>named_parameters()</c> make
/// every path anew as a string, of code that training has pushed out of the caches.
/// </summary>
/// <param name="model">The model.</param>
internal sealed class ModelOutline(nn.Module model)
{
    private List<Part> _known = [];
    private List<Part> _now = [];

    /// <summary>True when a module or a parameter has come, gone, moved or been renamed since this was last asked; the first time, when there is any.</summary>
    public bool HasChanged()
    {
        AddPartsOf(model);
        var hasChanged = !_now.SequenceEqual(_known);
        (_known, _now) = (_now, _known);
        _now.Clear();
        return hasChanged;
    }

    private void AddPartsOf(nn.Module module)
    {
        foreach (var (name, parameter) in module.named_parameters(recurse: false))
            _now.Add(new(module, name, parameter));
        foreach (var (name, child) in module.named_children())
        {
            _now.Add(new(module, name, child));
            AddPartsOf(child);
        }
    }

    /// <summary>A module or a parameter, and whose it is.</summary>
    private readonly record struct Part(nn.Module Owner, string Name, object Member)
    {
        /// <summary>By reference: whether tensors are equal is a question to torch.</summary>
        public bool Equals(Part other) => ReferenceEquals(Member, other.Member) && ReferenceEquals(Owner, other.Owner) && Name == other.Name;

        /// <inheritdoc/>
        public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
    }
}
