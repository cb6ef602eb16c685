using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Tests.Contract;

/// <summary>The base of the contracts of every store.</summary>
public abstract class StoreContract
{
    protected static DateTimeOffset At { get; } = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    protected static DagDefinition Shape { get; } = new(
        "d",
        "F",
        [
            new NodeDefinition("a", NodeKind.Method, true, false, "fa"),
            new NodeDefinition("m", NodeKind.Map, false, false, "fm"),
            new NodeDefinition("z", NodeKind.Method, false, true, "fz"),
        ],
        [("a", "m"), ("m", "z")]);

    protected static DagDefinition Inner { get; } = new("e", "G", [new NodeDefinition("x", NodeKind.Method, true, true, "fx")], []);

    private int _ids;

    protected abstract DagProvenance Store { get; }

    protected RunHandle Begin(string runId, Func<RunStart, RunStart>? more = null)
    {
        if (_ids++ == 0)
            Store.EnsureWritable();
        var start = new RunStart(runId, "d", Shape, At);
        return Store.CreateRun(more is null ? start : more(start));
    }

    protected static RunStart Sub(string runId, RunHandle parent, int ordinal) =>
        new(runId, $"d/m[k{ordinal}]", Inner, At) { Parent = parent, ParentNode = "m", ElementKey = $"k{ordinal}",
            ElementId = $"id{ordinal}", Ordinal = ordinal, Branch = "b" };

    protected void End(NodeRunHandle node, NodeStatus status, EncodedValue? output = null) =>
        Store.EndNode(node, new NodeEnd(status, At, output));

    protected StoredRun Found(string runId) => Store.FindRun(runId)!;

    protected IEnumerable<string> Ids(RunQuery query) => Store.FindRuns(query).Select(run => run.RunId);

    protected static DagErrorId Refused(Action action) => Assert.Throws<DagException>(action).Id;
}
