using System.Collections;
using System.Collections.Specialized;

namespace Lythonic.Dag.Engine.Tests.Model;

/// <summary>The dictionaries that a node may give: every kind that the stored form knows.</summary>
internal static class Keys
{
    private static readonly Func<int, (object[] Keys, IDictionary Empty)>[] Kinds =
    [
        count => ([.. Texts(count)], new Hashtable(StringComparer.OrdinalIgnoreCase)),
        count => ([.. Enumerable.Range(0, count)
            .Select(index => index % 2 == 0 ? (object)$"{(char)('a' + index)}" : $"{(char)('A' + index - 1)}")], new Hashtable()),
        count => ([.. Enumerable.Range(0, count).Select(index => index % 2 == 0 ? (object)index : $"t{index}")], new Hashtable()),
        count => ([.. Texts(count)], new OrderedDictionary()),
        count => ([.. Texts(count)], new SortedList()),
        count => ([.. Texts(count)], new SortedDictionary<string, object>()),
        count => ([.. Texts(count)], new Dictionary<string, object>()),
        count => ([.. Enumerable.Range(0, count).Select(index => (object)(7 * index))], new Dictionary<int, object>()),
        count => ([.. Enumerable.Range(0, count).Select(index => (object)new Guid(index, 0, 0, new byte[8]))],
            new Dictionary<Guid, object>()),
        count => ([.. Enumerable.Range(0, count).Select(index => (object)(DayOfWeek)index)], new Dictionary<DayOfWeek, object>()),
    ];

    /// <summary>How many kinds there are.</summary>
    public static int Count => Kinds.Length;

    /// <summary>A dictionary of a kind.</summary>
    public static IDictionary Make(int kind, IReadOnlyList<object> values)
    {
        var (keys, dictionary) = Kinds[kind](values.Count);
        for (var index = 0; index < keys.Length; index++)
            dictionary.Add(keys[index], values[index]);
        return dictionary;
    }

    private static IEnumerable<object> Texts(int count) => ((object[])["ch", "h", "i", "aa", "z", "ä", "b"]).Take(count);
}
