namespace Lythonic.Dag.Sqlite.Tests.Faults;

/// <summary>
/// A DAG with a chain, a fan-out whose nodes have a lock and a condition, a map with two nodes in its sub-DAG, a fan-in and closing nodes.
/// Each node reports that it starts.
/// </summary>
public sealed class Workload(Action<string> say)
{
    private const int Elements = 8;

    /// <summary>The output of <c>total</c>.</summary>
    public const int Total = 170;

    private const string Overlap = "overlap";

    private static readonly NodeSettings Locked = new() { Locks = ["wide"], If = new NodePredicate(MethodCode.From(() => true)) };

    private int _wide;

    /// <summary>The upstreams of each node, by the names that nodes report.</summary>
    private static readonly Dictionary<string, string[]> Upstreams = new()
    {
        ["one"] = ["start"],
        ["two"] = ["one"],
        ["list"] = ["start"],
        ["wide1"] = ["two"],
        ["wide2"] = ["two"],
        ["close"] = ["total"],
        ["total"] = ["wide1", "wide2", .. Enumerable.Range(0, Elements).Select(index => $"plus{index}")],
    };

    public Dag Dag()
    {
        var element = new Dag("element").Add("twice", (int value) => Said(value * 2, $"twice{value}"))
            .Add("plus", (int twice) => Said(twice + 10, $"plus{twice / 2}"), "twice");
        return new Dag("workload")
            .Add("start", () => Said(1, "start"))
            .Add("one", (int start) => Said(start + 1, "one"), "start")
            .Add("two", (int one) => Said(one + 1, "two"), "one")
            .Add("list", (int start) => Said(Enumerable.Range(0, Elements * start).ToArray(), "list"), "start")
            .Add(DagNode.Map("map", new SubDags(element), new NodeSettings { OutputType = typeof(int[]) }), ["list"])
            .Add(new DagNode("wide1", MethodCode.From((int two) => Alone(two * 10, "wide1")), Locked), ["two"])
            .Add(new DagNode("wide2", MethodCode.From((int two) => Alone(two + 1, "wide2")), Locked), ["two"])
            .Add("total", (int[] map, int wide1, int wide2) => Said(map.Sum() + wide1 + wide2, "total"), "map")
            .Connect("wide1", "total", "wide1")
            .Connect("wide2", "total", "wide2")
            .Add(new DagNode("close", MethodCode.From(() => Said(0, "close")), new() { When = NodeWhen.Always }), ["total"])
            .Add(new DagNode("mourn", MethodCode.From(() => Said(0, "mourn")), new() { When = NodeWhen.Failed }), ["total"]);
    }

    /// <summary>Asserts that no node ran again after one downstream of it had started.</summary>
    public static void AssertOrder(IReadOnlyList<string> said) => AssertOrder(said, UpstreamsOf);

    /// <summary>Asserts the same for another DAG.</summary>
    /// <param name="said">The reports of nodes, in the order in which they started.</param>
    /// <param name="upstreamsOf">The upstreams of each node.</param>
    public static void AssertOrder(IReadOnlyList<string> said, Func<string, string[]> upstreamsOf)
    {
        var frozen = new HashSet<string>();
        Assert.DoesNotContain(Overlap, said);
        foreach (var label in said)
        {
            Assert.False(frozen.Contains(label), $"'{label}' ran again after its downstream had started: {string.Join(' ', said)}");
            foreach (var upstream in upstreamsOf(label))
                frozen.Add(upstream);
        }
    }

    private static string[] UpstreamsOf(string label)
    {
        if (label.StartsWith("plus", StringComparison.Ordinal))
            return [$"twice{label[4..]}"];
        return label.StartsWith("twice", StringComparison.Ordinal) ? ["list"] : Upstreams.GetValueOrDefault(label, []);
    }

    private int Alone(int value, string label)
    {
        if (Interlocked.Increment(ref _wide) > 1)
            say(Overlap);
        Said(value, label);
        Interlocked.Decrement(ref _wide);
        return value;
    }

    private T Said<T>(T value, string label)
    {
        say(label);
        return value;
    }
}
