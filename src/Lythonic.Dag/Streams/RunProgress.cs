using System.Management.Automation;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Export;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The progress bar of the run, which counts nodes and names those in flight, and that of a map, which counts elements and those of them
/// that were reused. Of several maps in flight, the one that began last has the bar. They are written at most a few times a second. A run
/// that ends earlier shows none.
/// </summary>
internal sealed class RunProgress : IRunProgress
{
    /// <summary>The id of the run's bar.</summary>
    public const int RunBar = 0x4C7944;

    /// <summary>How many ids the bars of the run itself need, counted from the first one.</summary>
    public const int OwnBars = 2;

    private const int MapBar = RunBar + 1;
    private const long EveryMilliseconds = 250;
    private const int Named = 3;

    // A bar has one line, and PowerShell cuts its end, which is what changes.
    private const int NameColumns = 24;
    private const int MapColumns = 36;

    private readonly object _gate = new();
    private readonly List<string> _inFlight = [];
    private readonly List<MapProgress> _maps = [];
    private string? _root;
    private string _name = "";
    private int _nodes;
    private int _done;
    private int _failed;
    private MapProgress? _shownMap;
    private long _next = Environment.TickCount64 + EveryMilliseconds;
    private bool _asked;
    private bool _changed;
    private bool _shown;

    /// <inheritdoc/>
    public int FirstId => RunBar;

    /// <summary>How many nodes of the run itself are in flight.</summary>
    public int InFlight
    {
        get
        {
            lock (_gate)
                return _inFlight.Count;
        }
    }

    /// <summary>
    /// How long the bars may not be written yet, in milliseconds; infinite once they may be written, because the next change then asks for
    /// it. A change that came too early to be written is written as soon as it may be.
    /// </summary>
    public int Wait
    {
        get
        {
            lock (_gate)
            {
                if (_next - Environment.TickCount64 is > 0 and var left)
                    return (int)left;
                return _changed && _root is not null ? 0 : Timeout.Infinite;
            }
        }
    }

    public void RunStarted(string runId, string path, int nodeCount, string? parentRunId)
    {
        lock (_gate)
        {
            if (parentRunId is not null)
            {
                foreach (var map in _maps)
                    map.Begin(path, parentRunId, runId);
                return;
            }

            _root = runId;
            _name = path;
            _nodes = nodeCount;
        }
    }

    public void MapExpanded(string runId, string label, int elements)
    {
        lock (_gate)
        {
            // Maps inside the elements of another one are many, and come and go.
            if (runId == _root || !_maps.Exists(map => map.RunId == _root))
                _maps.Add(new(runId, label, elements));
        }
    }

    public void NodesTakenOver(string runId, int nodes)
    {
        lock (_gate)
            _done += runId == _root ? nodes : 0;
    }

    public void ElementsTakenOver(string runId, string label, int elements)
    {
        lock (_gate)
            _maps.FindLast(map => map.RunId == runId && map.Label == label)?.TakeOver(elements);
    }

    /// <summary>A node started.</summary>
    /// <returns>Whether it is time to write.</returns>
    public bool NodeStarted(string runId, string label)
    {
        lock (_gate)
        {
            if (runId != _root)
                return false;
            if (!_inFlight.Contains(label, StringComparer.OrdinalIgnoreCase))
                _inFlight.Add(label);
            return IsDue();
        }
    }

    /// <summary>A node ended.</summary>
    /// <returns>Whether it is time to write.</returns>
    public bool NodeEnded(string runId, string label, NodeStatus status)
    {
        lock (_gate)
        {
            if (runId == _root)
            {
                if (status == NodeStatus.Failed)
                    _failed++;
                else if (RunState.IsDone(status))
                    _done++;
                _inFlight.RemoveAll(other => other.Equals(label, StringComparison.OrdinalIgnoreCase));
            }

            for (var i = _maps.Count - 1; i >= 0; i--)
            {
                if (_maps[i].RunId == runId && label.Equals(_maps[i].Label, StringComparison.OrdinalIgnoreCase))
                    _maps.RemoveAt(i);
                else
                    _maps[i].NodeEnded(runId, status);
            }

            return IsDue();
        }
    }

    /// <summary>A run or sub-run ended.</summary>
    /// <returns>Whether it is time to write.</returns>
    public bool RunEnded(string runId)
    {
        lock (_gate)
        {
            for (var i = _maps.Count - 1; i >= 0; i--)
            {
                if (_maps[i].RunId == runId)
                    _maps.RemoveAt(i);
                else
                    _maps[i].End(runId);
            }

            return IsDue();
        }
    }

    /// <summary>Writes the bars if it is time. Call this on the pipeline's thread.</summary>
    /// <param name="target">Where to write them.</param>
    /// <param name="isNeeded">Whether there are other bars, which need the run's bar above them.</param>
    public void Write(IStreamTarget target, bool isNeeded)
    {
        ProgressRecord? run, map;
        lock (_gate)
        {
            if (_root is null || !(isNeeded && !_shown) && (!_changed || Environment.TickCount64 < _next))
                return;
            _asked = _changed = false;
            _shown = true;
            _next = Environment.TickCount64 + EveryMilliseconds;
            var failed = _failed == 0 ? "" : $", {_failed} failed";
            run = Bar(
                RunBar, TextCells.Middle(_name, MapColumns), $"{Math.Min(_done, _nodes)} of {_nodes} nodes done{failed}{Running()}",
                _done + _failed, _nodes);
            map = MapBarNow();
        }

        target.WriteProgress(run);
        if (map is null)
            return;
        map.ParentActivityId = RunBar;
        target.WriteProgress(map);
    }

    /// <summary>Removes the bars. Call this on the pipeline's thread.</summary>
    public void Complete(IStreamTarget target)
    {
        if (!_shown)
            return;
        foreach (var bar in (int[])[MapBar, RunBar])
            target.WriteProgress(new ProgressRecord(bar, _name, "done") { RecordType = ProgressRecordType.Completed });
    }

    private bool IsDue()
    {
        _changed = true;
        // PowerShell refuses a progress record that has no activity.
        if (_asked || _root is null || Environment.TickCount64 < _next)
            return false;
        _asked = true;
        return true;
    }

    // The bar of a map that has ended would stand there as if it went on.
    private ProgressRecord? MapBarNow()
    {
        var (before, now) = (_shownMap, _maps.Count > 0 ? _maps[^1] : null);
        _shownMap = now;
        if (now is not null)
            return Bar(MapBar, TextCells.Middle(now.Label, MapColumns), now.Status, now.Done, now.Elements);
        if (before is null)
            return null;
        var last = Bar(MapBar, TextCells.Middle(before.Label, MapColumns), before.Status, before.Done, before.Elements);
        last.RecordType = ProgressRecordType.Completed;
        return last;
    }

    private string Running() => _inFlight.Count switch
    {
        0 => "",
        <= Named => $", running: {Names(_inFlight)}",
        var count => $", running: {Names(_inFlight.Take(Named))} and {count - Named} more",
    };

    private static string Names(IEnumerable<string> labels) =>
        string.Join(", ", labels.Select(label => TextCells.Middle(label, NameColumns)));

    private static ProgressRecord Bar(int id, string activity, string status, int done, int total) =>
        new(id, activity, status) { PercentComplete = total == 0 ? 100 : Math.Min(100, (int)(done * 100L / total)) };
}
