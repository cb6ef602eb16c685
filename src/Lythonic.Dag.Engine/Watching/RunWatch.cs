using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Watching;

/// <summary>
/// Reads views of a run, one after the other. Each reading asks for sub-runs that have begun since the last one, for those that were in
/// flight then, and for the nodes. It never asks for elements that have ended, and for the values of those alone that it shows.
/// </summary>
internal sealed class RunWatch
{
    private const int ElementsShown = 3;
    private const int LookedAtAgain = 200;

    private readonly DagProvenance _store;
    private readonly TimeProvider _clock;
    private readonly string _runId;
    private readonly StoreKey _root;
    private readonly ElementValues _values;
    private readonly Dictionary<StoreKey, WatchedLevel> _levels = [];
    private readonly Dictionary<StoreKey, (WatchedLevel Level, string Label)> _owners = [];
    private readonly WatchLog _log;
    private readonly MessageFeed? _feed;
    private readonly RunsBeside _beside;
    private StoreKey _last;
    private int _lookedAt;

    /// <summary>Prepares to watch a run. Only the run that contains it is read yet.</summary>
    /// <param name="store">The store that has it.</param>
    /// <param name="run">The run, or a sub-run.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="nameOf">Gives a short text of the element of a sub-run; <see langword="null"/> shows keys alone.</param>
    /// <param name="keepsAll">Whether views have all errors and all messages, or only those that a screen has room for.</param>
    public RunWatch(
        DagProvenance store, StoredRun run, TimeProvider clock, Func<StoredRun, string>? nameOf = null, bool keepsAll = false)
    {
        (_store, _clock, _runId, _last) = (store, clock, run.RunId, run.Key);
        _values = new(nameOf);
        _log = new(store, _values, keepsAll);
        var root = run;
        while (root.ParentRunId is { } parent && store.FindRun(parent) is { } above)
            root = above;
        _root = root.Key;
        _beside = new(store, _root, clock);
        _feed = keepsAll ? new(store, _root, run.Path) : null;
    }

    /// <summary>Reads a view of the run.</summary>
    /// <returns>The view; <see langword="null"/> if the run has been removed.</returns>
    public RunView? Read()
    {
        if (_store.FindRun(_runId) is not { } run)
            return null;
        if (_levels.Count == 0 && AddLevel(run, "", 0) is null)
            return new(run, [], [], [], 0);
        if (run.Status == DagRunStatus.Running)
            _beside.Read();
        ReadNodes(run);
        ReadSubRuns(run);
        var nodes = new List<(NodeView View, StoredNodeRun? Row)>();
        Show(_levels[run.Key], run, nodes);
        _log.Note(nodes.Where(node => node.Row is not null).Select(node => (node.View, node.Row!)), _clock.GetUtcNow());
        var messages = _feed?.Read(key => _levels.GetValueOrDefault(key)?.Prefix) ?? _log.Messages;
        return new(run, [.. nodes.Select(node => node.View)], messages, _log.Failures, _log.FailureCount)
        {
            ErrorCount = _log.ErrorCount,
            Beside = run.Status == DagRunStatus.Running ? _beside.Others : [],
        };
    }

    private WatchedLevel? AddLevel(StoredRun run, string prefix, int depth) =>
        _store.GetDefinition(run) is { } definition ? _levels[run.Key] = new(run, definition, prefix, depth) : null;

    // If the process of the run has ended, its nodes are no longer in flight, and neither are those of its sub-runs.
    private void ReadNodes(StoredRun run)
    {
        foreach (var level in _levels.Values)
            ReadNodes(level, run);
    }

    private void ReadNodes(WatchedLevel level, StoredRun run) =>
        level.Update(_store.GetNodeRuns(run.Status == DagRunStatus.Interrupted ? level.Run with { Status = run.Status } : level.Run));

    private void ReadSubRuns(StoredRun run)
    {
        foreach (var state in Again())
            Note(_owners[state.Key].Level, state);
        foreach (var state in _store.GetSubRunStates(_root, _last))
        {
            _last = state.Key;
            if (_levels.TryGetValue(state.Parent, out var level))
                NoteNew(level, state, run);
        }

        foreach (var level in _levels.Values)
        {
            foreach (var (label, progress) in level.Progress)
            {
                var ended = progress.RemoveEnded();
                if (!level.IsExpanded(label))
                    _log.Note(level.Prefix + label, ended);
            }
        }
    }

    private void NoteNew(WatchedLevel level, SubRunState state, StoredRun run)
    {
        if (!level.IsExpanded(state.ParentNode))
        {
            Note(level, state);
            return;
        }

        var whole = state.Completed is not null && _store.GetSubRunStates([state.Key]) is [var last] ? last : state;
        Note(level, whole);
        if (AddLevel(whole.ToRun(), $"{level.Prefix}{whole.ParentNode}/", level.Depth + 1) is { } inner)
            ReadNodes(inner, run);
    }

    // Read those in flight, and from time to time those that did not complete, because a restart continues them.
    private IEnumerable<SubRunState> Again()
    {
        var unfinished = _levels.Values.SelectMany(level => level.Progress.Values).SelectMany(progress => progress.Unfinished);
        var some = unfinished.Skip(_lookedAt).Take(LookedAtAgain).ToList();
        _lookedAt = some.Count < LookedAtAgain ? 0 : _lookedAt + some.Count;
        List<StoreKey> asked = [.. Open(), .. some];
        return asked.Count == 0 ? [] : _store.GetSubRunStates(asked);
    }

    private IEnumerable<StoreKey> Open() => _levels.Values
        .SelectMany(level => level.Progress.Values)
        .SelectMany(progress => progress.Open)
        .Select(state => state.Key);

    private void Note(WatchedLevel level, SubRunState state)
    {
        level.ProgressOf(state.ParentNode).Note(state);
        if (state.Status == DagRunStatus.Completed)
            _owners.Remove(state.Key);
        else
            _owners[state.Key] = (level, state.ParentNode);
    }

    private void Show(WatchedLevel level, StoredRun run, List<(NodeView View, StoredNodeRun? Row)> nodes)
    {
        foreach (var node in level.Nodes)
        {
            var row = level.NodeRuns.GetValueOrDefault(node.Label);
            nodes.Add((View(level, node, row, run), row));
            if (level.Progress.GetValueOrDefault(node.Label)?.Latest is { } inside && _levels.TryGetValue(inside.Key, out var inner))
                Show(inner, run, nodes);
        }
    }

    private NodeView View(WatchedLevel level, NodeDefinition node, StoredNodeRun? row, StoredRun run)
    {
        var status = row?.Status ?? run.OfUnstarted;
        var progress = level.Progress.GetValueOrDefault(node.Label);
        return new NodeView(level.Prefix + node.Label, node.Label, level.Depth, node.Kind, status, row?.Tries ?? 0)
        {
            StartedAt = row?.StartedAt,
            FinishedAt = row?.FinishedAt,
            Host = row?.Host,
            Waits = status switch
            {
                NodeStatus.Waiting => _beside.WithHolder(row!.Error?.TrimEnd('.')),
                NodeStatus.Pending when run.Status == DagRunStatus.Running => level.WaitOf(node.Label),
                _ => null,
            },
            WaitsUntil = row?.WaitsUntil,
            Error = row is null ? run.WhyUnstarted : row.Error ?? Pause(node, status, progress),
            Errors = row?.Errors ?? default,
            Branch = node.Kind.RunsOneBranch() ? progress?.Latest?.ElementKey : null,
            Map = node.Kind.HasElements() && (progress is not null || row?.ElementCount is not null)
                ? Map(row, progress ?? new(), run)
                : null,
        };
    }

    // Which element paused the run, and why.
    private static string? Pause(NodeDefinition node, NodeStatus status, MapProgress? progress) =>
        status == NodeStatus.Paused && node.Kind.HasElements() && progress?.Pausing is { } paused
            ? $"{node.Label}[{paused.ElementKey}]: {paused.Error}"
            : null;

    private MapView Map(StoredNodeRun? row, MapProgress progress, StoredRun run)
    {
        var isRunning = row?.Status is NodeStatus.Running && run.Status == DagRunStatus.Running;
        var total = row?.ElementCount ?? (row?.Status is NodeStatus.Completed ? progress.Done + progress.Failed : null);
        if (!isRunning || progress.Open.Count == 0)
            return new(total, progress.Done, progress.Failed, 0) { Rate = isRunning ? progress.Rate(_clock.GetUtcNow()) : null };
        var (waiting, until) = _store.GetWaits([.. progress.Open.Select(state => state.Key)]);
        return new(total, progress.Done, progress.Failed, progress.Open.Count)
        {
            Waiting = waiting,
            WaitsUntil = until,
            Rate = progress.Rate(_clock.GetUtcNow()),
            Elements = Elements([.. progress.Open.OrderBy(state => state.Key).Take(ElementsShown)]),
        };
    }

    private List<ElementView> Elements(IReadOnlyList<SubRunState> shown)
    {
        var nodes = _store.GetNodeRuns([.. shown.Select(state => state.Key)]).ToLookup(entry => entry.Run, entry => entry.Node);
        return [.. shown.Select(state =>
        {
            var active = nodes[state.Key].LastOrDefault(node => node.Status is NodeStatus.Running or NodeStatus.Waiting);
            return new ElementView(
                state.ElementKey ?? "", active?.Label, state.StartedAt, active?.Host,
                active?.Status == NodeStatus.Waiting ? _beside.WithHolder(active.Error?.TrimEnd('.')) : null, active?.WaitsUntil)
            {
                Value = _values.Of(state),
            };
        })];
    }
}
