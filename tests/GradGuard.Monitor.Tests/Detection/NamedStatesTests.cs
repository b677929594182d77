using GradGuard.Monitor.Detection;
using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>A state belongs to its name; the place where a reading lists it only helps to find it.</summary>
public sealed class NamedStatesTests
{
    [Fact]
    public void AStateIsThatOfItsNameWhereverItIsListed()
    {
        var states = new NamedStates<string, int>();
        string[][] readings = [["a", "b", "c"], ["a", "b", "c"], ["c", "a"], ["new", "a", "b", "c"]];
        foreach (var names in readings)
        {
            for (var place = 0; place < names.Length; place++)
                states.At(place, names[place])++;
        }

        Assert.Equal([("a", 4), ("b", 3), ("c", 4), ("new", 1)], Listed(states));
        Assert.Equal((4, 0), (states.Of("c"), states.Of("unseen")));
    }

    [Fact]
    public void WhatWasSavedIsReadBackInOrderInPlaceOfWhatWasHeld()
    {
        var saved = new NamedStates<string, int>();
        saved.At(0, "b") = 1;
        saved.At(1, "a") = 2;
        using var file = new MemoryStream();
        StateArchive.Save(file, archive => saved.Persist(archive, archive.Value, archive.Value));
        file.Position = 0;
        var restored = new NamedStates<string, int>();
        restored.At(0, "old") = 9;
        StateArchive.Load(file, archive => restored.Persist(archive, archive.Value, archive.Value));

        Assert.Equal([("b", 1), ("a", 2)], Listed(restored));
        Assert.Equal(2, restored.At(0, "a"));
        Assert.Equal(0, restored.At(1, "old"));
    }

    [Fact]
    public void WhatIsSavedIsADictionarysState()
    {
        var states = new NamedStates<string, int>();
        states.At(0, "b") = 1;
        states.At(1, "a") = 2;
        var dictionary = new Dictionary<string, int> { ["b"] = 1, ["a"] = 2 };
        Assert.Equal(
            Saved(archive => archive.Items(dictionary, archive.Value, archive.Value)), Saved(archive => states.Persist(archive, archive.Value, archive.Value)));
    }

    private static List<(string, int)> Listed(NamedStates<string, int> states)
    {
        var listed = new List<(string, int)>();
        foreach (var entry in states.All)
            listed.Add((entry.Name, entry.State));
        return listed;
    }

    private static byte[] Saved(Action<StateArchive> fields)
    {
        using var file = new MemoryStream();
        StateArchive.Save(file, fields);
        return file.ToArray();
    }
}
