using System.Collections;
using System.Collections.Specialized;
using System.Globalization;

namespace Lythonic.Dag.Sqlite.Tests.Faults;

/// <summary>
/// A DAG of maps over dictionaries and sets of every kind. Each element reports that it is done, and every third one fails at first.
/// </summary>
public sealed class KeyedWorkload(Action<string> say)
{
    private static readonly string[] Words = ["ch", "h", "i", "I", "aa", "z", "\u00E4", "a", "b", "c"];

    /// <summary>What each map runs over, made anew.</summary>
    public static IReadOnlyDictionary<string, Func<IDictionary>> Dictionaries { get; } = new Dictionary<string, Func<IDictionary>>
    {
        ["table"] = () => Filled(new Hashtable(StringComparer.OrdinalIgnoreCase), Words.Where(word => word != "I")),
        ["cases"] = () => Filled(new Hashtable(), Words),
        ["texts"] = () => Filled(new Hashtable(), [1, "1", 1L, "x", 2, "2"]),
        ["ordered"] = () => Filled(new OrderedDictionary(), Words),
        ["sortedlist"] = () => Filled(new SortedList(), Words),
        ["sorted"] = () => Filled(new SortedDictionary<string, int>(), Words),
        ["generic"] = () => Filled(new Dictionary<string, int>(), Words),
        ["guids"] = () => Filled(
            new Dictionary<Guid, int>(), Enumerable.Range(0, 9).Select(index => (object)new Guid(index, 1, 1, new byte[8]))),
        ["days"] = () => Filled(new Dictionary<DayOfWeek, int>(), Enum.GetValues<DayOfWeek>().Cast<object>()),
        ["dates"] = () => Filled(new Hashtable(), Enumerable.Range(1, 9).Select(day => (object)new DateTime(2024, day, 13 - day))),
    };

    /// <summary>The set that the map <c>set</c> runs over.</summary>
    public static SortedSet<string> Set => [.. Words];

    public Dag Dag()
    {
        var dag = new Dag("keyed");
        foreach (var (label, make) in Dictionaries)
        {
            dag.Add(new DagNode($"give-{label}", MethodCode.From(make), new NodeSettings { OutputType = make().GetType() }));
            dag.Add(DagNode.Map(label, new SubDags(Element(label))), [$"give-{label}"]);
        }

        dag.Add("give-set", () => Set);
        return dag.Add(DagNode.Map(
            "set", new SubDags(new Dag("word")
                .Add("x", (string value, DagContext context) => Said("set", value, value.Length == 1, context)))), ["give-set"]);
    }

    private Dag Element(string map) => new Dag("element")
        .Add("x", (int value) => value)
        .Add("y", (int x, DagContext context) => Said(map, x.ToString(CultureInfo.InvariantCulture), x % 3 == 0, context), "x");

    private string Said(string map, string value, bool failsFirst, DagContext context)
    {
        if (failsFirst && context.Attempt <= 2)
            throw new InvalidOperationException("not yet");
        say($"{map}:{value}");
        return $"{map} {value}";
    }

    private static IDictionary Filled(IDictionary dictionary, IEnumerable<object> keys)
    {
        foreach (var key in keys)
            dictionary.Add(key, dictionary.Count);
        return dictionary;
    }
}
