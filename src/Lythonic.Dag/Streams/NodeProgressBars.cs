using System.Collections.Concurrent;
using System.Management.Automation;
using Lythonic.Dag.Export;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The progress bars of nodes. Each names its node, has an id of its own in the run and is a child of the run's bar. All bars that
/// have changed are written together, a few times a second at most, and are removed when their node ends. Use it on the pipeline's
/// thread, except <see cref="Expect"/> and <see cref="IsExpected"/>.
/// </summary>
/// <param name="runBar">The id of the run's bar.</param>
internal sealed class NodeProgressBars(int runBar)
{
    private const long EveryMilliseconds = 250;
    private const int LabelColumns = 24;

    private readonly ConcurrentDictionary<(string Run, string Label), bool> _writers = new();
    private readonly Dictionary<(string Run, string Label), Dictionary<int, Bar>> _nodes = [];
    private readonly HashSet<Bar> _pending = [];
    private int _nextId = runBar + RunProgress.OwnBars;
    private long _next;

    /// <summary>How long the next changed bar may wait to be written, in milliseconds; infinite if no bar has changed.</summary>
    public int Wait => _pending.Count == 0 ? Timeout.Infinite : (int)Math.Max(1, _next - Environment.TickCount64);

    /// <summary>Whether bars have changed and may be written.</summary>
    public bool IsDue => _pending.Count > 0 && Environment.TickCount64 >= _next;

    /// <summary>Notes that a node has written progress. Any thread may call this.</summary>
    public void Expect(DagContext node) => _writers.TryAdd((node.RunId, node.NodeLabel), true);

    /// <summary>Whether a node that ends has written progress; true only once for each node. Any thread may call this.</summary>
    public bool IsExpected(string runId, string label) => _writers.TryRemove((runId, label), out _);

    /// <summary>Updates a bar from a progress record of its node.</summary>
    public void Update(DagContext node, ProgressRecord record, IStreamTarget target)
    {
        var key = (node.RunId, node.NodeLabel);
        if (!_nodes.TryGetValue(key, out var bars))
            _nodes[key] = bars = [];
        if (!bars.TryGetValue(record.ActivityId, out var bar))
            bars[record.ActivityId] = bar = new(_nextId++);
        if (record.RecordType == ProgressRecordType.Completed)
        {
            Complete(bar, target);
            bars.Remove(record.ActivityId);
            return;
        }

        var activity = $"[{TextCells.Middle(node.NodeLabel, LabelColumns)}] {record.Activity}";
        bar.Latest = new ProgressRecord(bar.Id, activity, record.StatusDescription)
        {
            CurrentOperation = record.CurrentOperation,
            ParentActivityId = bars.TryGetValue(record.ParentActivityId, out var parent) && parent != bar ? parent.Id : runBar,
            PercentComplete = record.PercentComplete,
            SecondsRemaining = record.SecondsRemaining,
        };
        _pending.Add(bar);
    }

    /// <summary>Writes the bars that have changed, if it is time.</summary>
    public void Write(IStreamTarget target)
    {
        if (!IsDue)
            return;
        _next = Environment.TickCount64 + EveryMilliseconds;
        foreach (var bar in _pending.OrderBy(bar => bar.Id))
        {
            bar.IsShown = true;
            target.WriteProgress(bar.Latest!);
        }

        _pending.Clear();
    }

    /// <summary>Removes the bars of a node that has ended.</summary>
    public void End(string runId, string label, IStreamTarget target)
    {
        if (!_nodes.Remove((runId, label), out var bars))
            return;
        foreach (var bar in bars.Values.OrderByDescending(bar => bar.Id))
            Complete(bar, target);
    }

    /// <summary>Removes all bars.</summary>
    public void EndAll(IStreamTarget target)
    {
        foreach (var (run, label) in _nodes.Keys.ToList())
            End(run, label, target);
    }

    private void Complete(Bar bar, IStreamTarget target)
    {
        _pending.Remove(bar);
        if (bar.IsShown)
            target.WriteProgress(
                new ProgressRecord(bar.Id, bar.Latest!.Activity, bar.Latest.StatusDescription)
                {
                    RecordType = ProgressRecordType.Completed,
                    ParentActivityId = bar.Latest.ParentActivityId,
                });
    }

    private sealed class Bar(int id)
    {
        public int Id { get; } = id;

        public ProgressRecord? Latest { get; set; }

        public bool IsShown { get; set; }
    }
}
