using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Watching;

/// <summary>
/// Counts the sub-runs of one composite node. A sub-run that has ended is counted once and forgotten. Only those in flight are kept and
/// read again.
/// </summary>
internal sealed class MapProgress
{
    private const int FewForARate = 3;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);

    private readonly Dictionary<StoreKey, SubRunState> _open = [];
    private readonly HashSet<StoreKey> _failed = [];
    private readonly HashSet<StoreKey> _left = [];
    private readonly Queue<(DateTimeOffset Time, int Ended)> _samples = new();
    private readonly List<SubRunState> _ended = [];
    private int _endedSince;

    /// <summary>How many have completed.</summary>
    public int Done { get; private set; }

    /// <summary>How many have failed.</summary>
    public int Failed => _failed.Count;

    /// <summary>When the attempt of the node began. For a watcher who has just begun, the rate is counted from then.</summary>
    public DateTimeOffset? Since { get; set; }

    /// <summary>The sub-runs in flight, in their last known state.</summary>
    public IReadOnlyCollection<SubRunState> Open => _open.Values;

    /// <summary>The sub-runs that ended without completing. A restart continues them.</summary>
    public IEnumerable<StoreKey> Unfinished => _failed.Concat(_left);

    /// <summary>The latest known sub-run. For a call or a switch node it is the one that counts.</summary>
    public SubRunState? Latest { get; private set; }

    /// <summary>A sub-run that paused the run and says why; <see langword="null"/> if none is known.</summary>
    public SubRunState? Pausing { get; private set; }

    /// <summary>Adds the state of a sub-run.</summary>
    public void Note(SubRunState state)
    {
        if (state.Completed is { } completed)
        {
            Done += completed;
            _endedSince += state.FinishedAt >= Since ? completed : 0;
            return;
        }

        Latest = Latest is null || state.Key >= Latest.Key ? state : Latest;
        var wasUnfinished = _failed.Remove(state.Key) | _left.Remove(state.Key);
        _open.Remove(state.Key);
        var pauses = state is { Status: DagRunStatus.Paused, Error: not null };
        Pausing = pauses ? Pausing ?? state : Pausing?.Key == state.Key ? null : Pausing;
        switch (state.Status)
        {
            case DagRunStatus.Running:
                _open[state.Key] = state;
                return;
            case DagRunStatus.Completed:
                Done++;
                break;
            case DagRunStatus.Failed:
                _failed.Add(state.Key);
                break;
            default:
                _left.Add(state.Key);
                return;
        }

        if (state.FinishedAt >= Since)
            _endedSince++;
        if (!wasUnfinished || state.Status == DagRunStatus.Completed)
            _ended.Add(state);
    }

    /// <summary>The sub-runs that have ended since the last call.</summary>
    public IReadOnlyList<SubRunState> RemoveEnded()
    {
        SubRunState[] ended = [.. _ended];
        _ended.Clear();
        return ended;
    }

    /// <summary>How many sub-runs end in a second: recently, or, for a watcher who has just begun, since the map began.</summary>
    /// <param name="now">The current time.</param>
    public double? Rate(DateTimeOffset now)
    {
        var ended = Done + Failed;
        _samples.Enqueue((now, ended));
        while (_samples.Count > 1 && now - _samples.Peek().Time > Window)
            _samples.Dequeue();
        var (time, before) = _samples.Peek();
        if (now - time >= Shortest)
            return (ended - before) / (now - time).TotalSeconds;
        return _endedSince >= FewForARate && now > Since ? _endedSince / (now - Since.Value).TotalSeconds : null;
    }
}
