using System.Text.Json;

namespace Lythonic.Dag.Execution;

/// <summary>The order in which a map draws the elements of a dictionary or a set: it is stored, and a restart keeps to it.</summary>
internal static class ElementOrder
{
    /// <summary>
    /// Puts elements in the order in which they were drawn before, new ones after those, and records the order if it has changed.
    /// </summary>
    /// <param name="run">The run of the map.</param>
    /// <param name="label">The map's label.</param>
    /// <param name="elements">The elements, which have identities.</param>
    /// <param name="map">The node run of the map.</param>
    public static Elements Keep(RunExecution run, string label, Elements elements, Provenance.NodeRunHandle map)
    {
        var provenance = run.Session.Provenance;
        var before = run.Resumed is { } resumed ? provenance.GetElements(resumed, label) : null;
        if (before is not null)
            elements = elements.InOrder(Order(before, elements.Ids!, run.Session));
        var now = $"[{string.Join(',', elements.Ids!)}]";
        if (now != before && elements.Count > 0)
            provenance.RecordElements(map, now);
        return elements;
    }

    private static int[] Order(string before, string[] ids, RunSession session)
    {
        var index = new ElementIndex(ids, session.Codec);
        var (order, isPlaced) = (new List<int>(ids.Length), new bool[ids.Length]);
        void Place(int ordinal)
        {
            if (!isPlaced[ordinal])
                order.Add(ordinal);
            isPlaced[ordinal] = true;
        }

        using var stored = JsonDocument.Parse(before, StoredComparison.AnyDepth);
        foreach (var id in stored.RootElement.EnumerateArray())
        {
            if (index.Find(id.GetRawText()) is { } known)
                Place(known);
        }

        for (var ordinal = 0; ordinal < ids.Length; ordinal++)
            Place(ordinal);
        return [.. order];
    }
}
