using System.Numerics;
using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>What tells of an explosion.</summary>
internal enum ExplosionSign
{
    /// <summary>A gradient far over its layer's history.</summary>
    History,

    /// <summary>A gradient that grows from layer to layer.</summary>
    Depth,

    /// <summary>An activation out of all proportion.</summary>
    Activation,

    /// <summary>An update as large as the weights.</summary>
    Update,
}

/// <summary>Signs of an explosion at each layer or parameter: one counts where several of the last readings show it.</summary>
internal sealed class RepeatedSigns
{
    /// <summary>Names in a saved state, in the order of the signs.</summary>
    private static readonly string[] Names = ["history", "depth", "activation", "update"];

    private readonly NamedStates<(string Sign, string Layer), Recent> _recent = new();

    /// <summary>Takes a reading of a sign.</summary>
    /// <param name="sign">The sign.</param>
    /// <param name="place">Where the record lists the layer or parameter.</param>
    /// <param name="name">Its name.</param>
    /// <param name="shown">Whether the sign is there.</param>
    /// <returns>True when it is, and was often enough.</returns>
    public bool Again(ExplosionSign sign, int place, string name, bool shown)
        => _recent.At((Names.Length * place) + (int)sign, (Names[(int)sign], name)).Add(shown) && shown;

    /// <summary>Saves or restores the last readings.</summary>
    public void Persist(StateArchive archive)
        => _recent.Persist(archive, key => (archive.Value(key.Sign), archive.Value(key.Layer)), recent => Recent.Persist(archive, recent));

    private struct Recent
    {
        private const int Length = 5;
        private int _count;

        /// <summary>A bit each, the newest lowest.</summary>
        private uint _shown;

        public static Recent Persist(StateArchive archive, Recent recent)
        {
            var restored = default(Recent);
            for (var index = archive.Value(recent._count) - 1; index >= 0; index--)
                restored.Add(archive.Value((recent._shown >> index & 1) != 0));
            return restored;
        }

        public bool Add(bool shown)
        {
            _count = Math.Min(_count + 1, Length);
            _shown = (_shown << 1 | (shown ? 1u : 0)) & ((1 << Length) - 1);
            return BitOperations.PopCount(_shown) >= ExplodingGradientDetector.Repeats;
        }
    }
}
