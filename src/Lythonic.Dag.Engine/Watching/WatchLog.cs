using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Watching;

/// <summary>
/// Collects the messages and errors of a run's nodes as the nodes end, once for each node. If there are very many, it keeps only a part.
/// </summary>
/// <param name="store">The store that has the run.</param>
/// <param name="values">The short texts of elements.</param>
/// <param name="keepsAll">Whether it keeps all errors, however many. Messages are then read elsewhere.</param>
internal sealed class WatchLog(DagProvenance store, ElementValues values, bool keepsAll)
{
    private const int MostMessages = 100;
    private const int UsualFailures = 100;
    private const int MostReadAtOnce = 12;
    private const int MostElementsAtOnce = 300;

    private readonly int _mostFailures = keepsAll ? int.MaxValue : UsualFailures;
    private readonly HashSet<(string Path, int Attempt, NodeStatus Status)> _seen = [];
    private List<WatchedMessage> _messages = [];
    private List<WatchedFailure> _failures = [];
    private int _written;

    /// <summary>The latest messages, the last one last.</summary>
    public IReadOnlyList<WatchedMessage> Messages => _messages;

    /// <summary>The errors, the first one first.</summary>
    public IReadOnlyList<WatchedFailure> Failures => _failures;

    /// <summary>How many errors there were, without those of attempts that were followed by another attempt.</summary>
    public int FailureCount { get; private set; }

    /// <summary>The same with all errors that nodes wrote without failing, which are among the messages.</summary>
    public int ErrorCount => FailureCount + _written;

    /// <summary>Adds the messages and errors of nodes that are shown.</summary>
    /// <param name="nodes">All these nodes, each with its node run.</param>
    /// <param name="now">The current time.</param>
    public void Note(IEnumerable<(NodeView View, StoredNodeRun Row)> nodes, DateTimeOffset now)
    {
        var fresh = nodes.Where(node => IsTold(node.View) && _seen.Add((node.View.Path, node.View.Attempt, node.View.Status))).ToList();
        foreach (var (view, row) in fresh)
        {
            var isAdded = view.Error is not null && !HasItElsewhere(view);
            if (isAdded)
                Add(new(view.Path, view.Error!, row.FinishedAt ?? row.StartedAt ?? now, view.Status == NodeStatus.Waiting));
            // What was added of a completed node is one of the errors that it wrote.
            if (row.FinishedAt is not null && !view.Kind.RunsOneSubRun() && view.Errors.Written > 0)
                _written += view.Errors.Written - (isAdded && view.Status == NodeStatus.Completed ? 1 : 0);
        }

        if (keepsAll)
            return;
        var ended = fresh.Where(node => node.Row.FinishedAt is not null).OrderBy(node => node.Row.FinishedAt);
        Say(ended.TakeLast(MostReadAtOnce).Select(node => (node.View.Path, node.Row)));
    }

    /// <summary>Adds elements that have ended: as many errors as are kept, and the messages of the last few elements.</summary>
    /// <param name="path">The path of the map.</param>
    /// <param name="ended">The elements that have ended.</param>
    public void Note(string path, IReadOnlyList<SubRunState> ended)
    {
        var failed = ended.Where(state => state.Status == DagRunStatus.Failed).ToList();
        FailureCount += failed.Count;
        var kept = failed.Take(Math.Max(0, _mostFailures - _failures.Count)).ToList();
        if (kept.Count > 0)
        {
            var nodes = store.GetNodeRuns([.. kept.Select(state => state.Key)]).ToLookup(entry => entry.Run, entry => entry.Node);
            _failures = [.. _failures, .. kept.Select(state =>
            {
                var (inside, error) = ErrorOf(state, nodes[state.Key]);
                return new WatchedFailure(
                    $"{path}[{state.ElementKey}]{inside}", WithValue(error, state), state.FinishedAt ?? state.StartedAt);
            })];
        }

        if (ended.Count == 0 || keepsAll)
            return;
        var last = ended.TakeLast(MostElementsAtOnce).ToDictionary(state => state.Key);
        Say(store.GetNodesWithMessages(last.Keys, MostReadAtOnce).Select(
            entry => ($"{path}[{last[entry.Run].ElementKey}]{Inside(entry.Node, last[entry.Run])}", entry.Node)));
    }

    // As in the error of the map.
    private string WithValue(string error, SubRunState state)
    {
        var lines = error.Split('\n', 2);
        var first = new FailedElement("", lines[0].TrimEnd('\r'), values.Of(state)).CauseAndValue;
        return lines.Length == 1 ? first : $"{first}\n{lines[1]}";
    }

    // The sub-DAG of a scriptblock is one node, which has the label of the map.
    private static string Inside(StoredNodeRun node, SubRunState state) =>
        node.Label.Equals(state.ParentNode, StringComparison.OrdinalIgnoreCase) ? "" : $"/{node.Label}";

    private static bool IsTold(NodeView node) =>
        node.Status is not (NodeStatus.Pending or NodeStatus.Running) && (node.Status != NodeStatus.Waiting || IsRetry(node));

    private static bool IsRetry(NodeView node) => node.Error?.StartsWith("Attempt ", StringComparison.Ordinal) == true;

    // The error of an element, or of a node inside, is added by itself. A node that did not run has no error of its own.
    private static bool HasItElsewhere(NodeView node) =>
        node.Status is not (NodeStatus.Failed or NodeStatus.Completed or NodeStatus.Waiting)
        || node.Kind.RunsOneSubRun()
        || (node.Map?.Failed > 0 && node.Status != NodeStatus.Waiting);

    private static (string Inside, string Error) ErrorOf(SubRunState state, IEnumerable<StoredNodeRun> nodes) =>
        nodes.FirstOrDefault(node => node.Status == NodeStatus.Failed) is { Error: { } whole } node
            ? (Inside(node, state), whole)
            : ("", state.Error ?? "");

    private void Add(WatchedFailure failure)
    {
        FailureCount += failure.IsTriedAgain ? 0 : 1;
        if (_failures.Count < _mostFailures)
            _failures = [.. _failures, failure];
    }

    // A composite node's error about what failed inside it is reported for the inner node.
    private void Say(IEnumerable<(string Where, StoredNodeRun Node)> nodes)
    {
        var said = nodes
            .SelectMany(node => MessageJson.Read(store.GetMessages(node.Node))
                .Where(message => message.Stream != "error" || node.Node.Kind.RunsCode())
                .TakeLast(MostMessages)
                .Select(message => new WatchedMessage(node.Where, message.Stream, message.Text, message.Time)))
            .ToList();
        if (said.Count > 0)
            _messages = [.. _messages.Concat(said).OrderBy(message => message.Time).TakeLast(MostMessages)];
    }
}
