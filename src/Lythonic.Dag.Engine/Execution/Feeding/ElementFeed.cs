using System.Globalization;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The elements of a map that come while it runs, from one thread that hands them over. No more are taken than may be in flight, and what
/// they gave is told and not kept: memory does not grow with their number.
/// </summary>
internal sealed class ElementFeed
{
    private const int MostBehind = 4_096;

    private readonly IFeedWatcher? _watcher;
    private readonly Queue<MapElement> _waiting = [];
    private readonly Dictionary<int, MapElement> _taken = [];
    private RunSession? _session;
    private CompositeExecution? _map;
    private FeedNode? _node;
    private int _limit;
    private int _hasToldCuts;

    /// <summary>Makes a feed that elements are handed over to.</summary>
    /// <param name="watcher">Hears what becomes of them.</param>
    public ElementFeed(IFeedWatcher watcher) => _watcher = watcher;

    /// <summary>Makes a feed of a run that goes on, after its input had ended.</summary>
    /// <param name="elements">The elements that are not done, in their order.</param>
    /// <param name="begun">Those of their sub-runs that began.</param>
    /// <param name="count">How many elements there were in all.</param>
    public ElementFeed(IEnumerable<MapElement> elements, IReadOnlyList<StoredRun> begun, int count)
    {
        foreach (var element in elements)
        {
            _taken[element.Ordinal] = element;
            _waiting.Enqueue(element);
        }

        (Begun, Count, HasEnded) = (begun, count, true);
    }

    /// <summary>The sub-runs of an earlier process or attempt that go on.</summary>
    public IReadOnlyList<StoredRun> Begun { get; } = [];

    /// <summary>Whether somebody hears what becomes of each element.</summary>
    public bool IsWatched => _watcher is not null;

    /// <summary>How many elements were handed over.</summary>
    public int Count { get; private set; }

    /// <summary>Whether it was said that no more come.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether no more are taken, as the run stops or has ended.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether the map has begun, and takes what comes.</summary>
    public bool IsAttached => Volatile.Read(ref _map) is not null;

    /// <summary>Whether an element that is handed over now starts at once.</summary>
    public bool HasRoom => HasRoomFor(0);

    /// <summary>Whether an element that is handed over now starts when no more than so many others have ended.</summary>
    public bool HasRoomFor(int waiting)
    {
        if (!IsAttached)
            return false;
        lock (_session!.Lock)
            return !IsClosed && _taken.Count < _limit + waiting;
    }

    /// <summary>The elements that were handed over, and are neither done nor failed, in their order. When the run has ended.</summary>
    public IReadOnlyList<MapElement> Left => [.. _taken.Values.OrderBy(element => element.Ordinal)];

    /// <summary>Hands an element over: where <see cref="HasRoom"/> says so, it starts.</summary>
    /// <returns>Whether it was taken: not where the run stops, or has never begun.</returns>
    public bool Offer(object? value)
    {
        if (!IsAttached)
            return false;
        lock (_session!.Lock)
        {
            if (IsClosed || HasEnded)
                return false;
            var element = new MapElement(Count, Count.ToString(CultureInfo.InvariantCulture), value) { Feed = this };
            Count++;
            _taken.Add(element.Ordinal, element);
            _waiting.Enqueue(element);
            _map!.DrawFed();
        }

        _session.Dispatch();
        // Elements that take over outputs cost the store as much as others, and nothing else holds them back.
        if (_session.Provenance.Backlog > MostBehind)
            Catch();
        return true;
    }

    /// <summary>Says that no more come. Without effect before <see cref="IsAttached"/>.</summary>
    public void End()
    {
        if (!IsAttached)
            return;
        lock (_session!.Lock)
        {
            if (IsClosed || HasEnded)
                return;
            HasEnded = true;
        }

        try
        {
            _map!.Record.Count(Count);
            _session.Observer?.MapExpanded(_map.Run.Handle.RunId, _map.Node.Label, Count);
            _node?.End(NodeStatus.Completed);
        }
        catch (Exception error)
        {
            // The thread that hands elements over is not the run's: what goes wrong here is told where the run ends.
            _session.Fail(error);
        }

        lock (_session.Lock)
            _map!.DrawFed();
        _session.Dispatch();
    }

    /// <summary>The node that stands for what comes has begun.</summary>
    public void Begin(FeedNode node) => _node = node;

    /// <summary>The map takes what comes. Under the lock.</summary>
    /// <param name="map">The map.</param>
    /// <param name="limit">How many elements it may have in flight.</param>
    public void Attach(CompositeExecution map, int limit)
    {
        (_session, _limit) = (map.Run.Session, limit);
        Volatile.Write(ref _map, map);
    }

    /// <summary>The map has ended. Outside of the lock.</summary>
    /// <param name="status">How.</param>
    public void Close(NodeStatus status)
    {
        var session = _node?.Session ?? _session;
        if (session is null)
            return;
        bool isOpen;
        lock (session.Lock)
        {
            isOpen = !IsClosed && !HasEnded;
            IsClosed = true;
        }

        if (isOpen)
            _node?.End(status == NodeStatus.Paused ? NodeStatus.Paused : NodeStatus.Cancelled);
        TellChange();
    }

    /// <summary>Says that there may be room. Outside of the lock.</summary>
    public void TellChange() => _watcher?.Changed();

    /// <summary>The next element that has not begun. Under the lock.</summary>
    public bool TryDraw(out int ordinal)
    {
        var isThere = _waiting.TryDequeue(out var element);
        ordinal = element?.Ordinal ?? -1;
        return isThere;
    }

    /// <summary>Whether an element has not begun. Under the lock.</summary>
    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>Whether all are done or failed, and no more come. Under the lock.</summary>
    public bool IsComplete => HasEnded && _taken.Count == 0;

    /// <summary>An element that was handed over and has not ended.</summary>
    public MapElement At(int ordinal)
    {
        lock (_session!.Lock)
            return _taken[ordinal];
    }

    /// <summary>An element is done, or has failed. Under the lock.</summary>
    public void Remove(MapElement element) => _taken.Remove(element.Ordinal);

    /// <summary>Says of the first element that is not stored whole that it is not: one warning a map.</summary>
    /// <param name="element">The element.</param>
    /// <param name="facts">What is known of its stored form.</param>
    public void TellCuts(MapElement element, ValueFacts facts)
    {
        if (Interlocked.Exchange(ref _hasToldCuts, 1) == 0)
            _map!.Run.WarningsOf(_map.Node).OfCuts($"the element [{element.Key}] of '{_map.Run.Dag.Name}'", facts);
    }

    /// <summary>Tells what became of an element. Outside of the lock.</summary>
    public void Tell(ElementEnd end) => _watcher?.Ended(end, _session!);

    private void Catch()
    {
        try
        {
            _session!.Provenance.FlushAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (DagException)
        {
            // A store that cannot write says so again where a completion waits for it.
        }
    }
}
