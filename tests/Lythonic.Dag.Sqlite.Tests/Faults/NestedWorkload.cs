namespace Lythonic.Dag.Sqlite.Tests.Faults;

/// <summary>A DAG with branches in a map in a call. Each node reports that it starts.</summary>
public sealed class NestedWorkload(Action<string> say)
{
    private const int Elements = 6;

    /// <summary>The output of <c>end</c>.</summary>
    public const int Total = 328;

    public Dag Dag()
    {
        var even = new Dag("even").Add("half", (int value) => Said(value / 2, $"half{value}"))
            .Add("add", (int half) => Said(half + 100, $"add{half * 2}"), "half");
        var odd = new Dag("odd").Add("triple", (int value) => Said(value * 3, $"triple{value}"))
            .Add("minus", (int triple) => Said(triple - 1, $"minus{triple / 3}"), "triple");
        var inner = new Dag("inner")
            .Add("give", (int[] value) => Said(value, "give"))
            .Add(
                DagNode.Map(
                    "each",
                    new SubDags([new("even", even), new("odd", odd)],
                        new NodePredicate(MethodCode.From((int value) => value % 2 == 0 ? "even" : "odd"))),
                    new NodeSettings { OutputType = typeof(int[]) }),
                ["give"])
            .Add("sum", (int[] each) => Said(each.Sum(), "sum"), "each");
        return new Dag("nested")
            .Add("start", () => Said(Elements, "start"))
            .Add("numbers", (int start) => Said(Enumerable.Range(0, start).ToArray(), "numbers"), "start")
            .Add(DagNode.Call("inner", inner, new NodeSettings { OutputType = typeof(int) }), ["numbers"])
            .Add("end", (int inner) => Said(inner + 1, "end"), "inner");
    }

    /// <summary>Asserts that no node ran again after one downstream of it had started.</summary>
    public static void AssertOrder(IReadOnlyList<string> said) => Workload.AssertOrder(said, UpstreamsOf);

    private static string[] UpstreamsOf(string label) => label switch
    {
        "numbers" => ["start"],
        "give" => ["numbers"],
        "sum" => [.. Enumerable.Range(0, Elements).Select(value => value % 2 == 0 ? $"add{value}" : $"minus{value}")],
        "end" => ["sum"],
        ['h', ..] or ['t', ..] => ["give"],
        ['a', 'd', 'd', .. var value] => [$"half{value}"],
        ['m', 'i', 'n', 'u', 's', .. var value] => [$"triple{value}"],
        _ => [],
    };

    private T Said<T>(T value, string label)
    {
        say(label);
        return value;
    }
}
