using System.Collections;

namespace GradGuard.Analyzers.Torch;

/// <summary>Lets a table be written as one line per operation: the operation, then every name it goes by.</summary>
internal sealed class OperationTable : IEnumerable
{
    private readonly Dictionary<string, TorchOperation> _byName = [];

    public IReadOnlyDictionary<string, TorchOperation> ByName => _byName;

    public void Add(TorchOperation operation, params string[] names)
    {
        foreach (var name in names)
            _byName.Add(name, operation);
    }

    IEnumerator IEnumerable.GetEnumerator() => _byName.GetEnumerator();
}
