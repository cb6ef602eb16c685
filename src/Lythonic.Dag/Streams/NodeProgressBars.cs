using System.Collections.Concurrent;
using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The progress bars of nodes: each has an id of its own in the run, below the run's bar; they are written a few times a second at the
/// most, all that are due at once, and taken away when their node ends. On the pipeline's thread, but for <see cref="Expect"/> and
/// <see cref="IsExpected"/>.
/// </summary>
internal sealed class NodeProgressBars
{
    private const long EveryMilliseconds = 250;

    private readonly ConcurrentDictionary<(string Run, string Label), bool> _writers = new();
    private readonly Dictionary<(string Run, string Label), Dictionary<int, Bar>> _nodes = [];
    private readonly HashSet<Bar> _pending = [];
    private int _nextId = RunProgress.FirstNodeBar;
    private long _next;

    /// <summary>How long the next bar that waits to be written may wait, in milliseconds; forever where none does.</summary>
    public int Wait => _pending.Count == 0 ? Timeout.Infinite : (int)Math.Max(1, _next - Environment.TickCount64);

    /// <summary>Remembers that a node has written progress. On any thread.</summary>
    public void Expect(DagContext node) => _writers.TryAdd((node.RunId, node.NodeLabel), true);

    /// <summary>Whether a node that ends has written progress; asked once. On any thread.</summary>
    public bool IsExpected(string runId, string label) => _writers.TryRemove((runId, label), out _);

    /// <summary>Takes a record of a node.</summary>
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

        bar.Latest = new ProgressRecord(bar.Id, record.Activity, record.StatusDescription)
        {
            CurrentOperation = record.CurrentOperation,
            ParentActivityId = bars.TryGetValue(record.ParentActivityId, out var parent) && parent != bar ? parent.Id : RunProgress.RunBar,
            PercentComplete = record.PercentComplete,
            SecondsRemaining = record.SecondsRemaining,
        };
        _pending.Add(bar);
    }

    /// <summary>Writes the bars that wait, when it is time to.</summary>
    public void Write(IStreamTarget target)
    {
        if (_pending.Count == 0 || Environment.TickCount64 < _next)
            return;
        _next = Environment.TickCount64 + EveryMilliseconds;
        foreach (var bar in _pending.OrderBy(bar => bar.Id))
        {
            bar.IsShown = true;
            target.WriteProgress(bar.Latest!);
        }

        _pending.Clear();
    }

    /// <summary>Takes the bars of a node away, which has ended.</summary>
    public void End(string runId, string label, IStreamTarget target)
    {
        if (!_nodes.Remove((runId, label), out var bars))
            return;
        foreach (var bar in bars.Values.OrderByDescending(bar => bar.Id))
            Complete(bar, target);
    }

    /// <summary>Takes all bars away.</summary>
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
