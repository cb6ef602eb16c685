using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Watching;

/// <summary>
/// The sub-runs of one composite node, as they are told of: each ended one is counted once and forgotten, so that what is kept and asked
/// for again are those in flight.
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

    /// <summary>When the attempt of the node began: for who has just begun to watch, the rate is counted from there.</summary>
    public DateTimeOffset? Since { get; set; }

    /// <summary>Those in flight, as they stood when they were last told of.</summary>
    public IReadOnlyCollection<SubRunState> Open => _open.Values;

    /// <summary>Those that ended without completing: a restart takes them up again.</summary>
    public IEnumerable<StoreKey> Unfinished => _failed.Concat(_left);

    /// <summary>The latest sub-run that was told of: of a call or a switch, the one that counts.</summary>
    public SubRunState? Latest { get; private set; }

    /// <summary>Takes note of how a sub-run stands.</summary>
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

    /// <summary>Those that have ended since this was last asked.</summary>
    public IReadOnlyList<SubRunState> TakeEnded()
    {
        SubRunState[] ended = [.. _ended];
        _ended.Clear();
        return ended;
    }

    /// <summary>How many end in a second: over the last while, or, for who has just begun to watch, since the map began.</summary>
    /// <param name="now">What time it is.</param>
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
