using System.Globalization;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The elements of a map that come from a pipeline while the map runs. One thread hands them over. The feed accepts no more elements than
/// may be in flight, and reports their outputs without keeping them, so that memory does not grow with their number.
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

    /// <summary>Makes a feed for the elements of a new run.</summary>
    /// <param name="watcher">Is told how the elements end.</param>
    public ElementFeed(IFeedWatcher watcher) => _watcher = watcher;

    /// <summary>Makes a feed for the restart of a run whose input had ended.</summary>
    /// <param name="elements">The elements that have not ended, in their order.</param>
    /// <param name="begun">The sub-runs of these elements that had begun.</param>
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

    /// <summary>The sub-runs that had begun before the restart and continue.</summary>
    public IReadOnlyList<StoredRun> Begun { get; } = [];

    /// <summary>Whether somebody is told how each element ends.</summary>
    public bool IsWatched => _watcher is not null;

    /// <summary>Why the run was cancelled, if the user did not cancel it; or <see langword="null"/>.</summary>
    public string? StopReason => _watcher?.StopReason;

    /// <summary>How many elements have been handed over.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the input has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether the feed accepts no more elements, because the run stops or has ended.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether the map has begun and accepts elements.</summary>
    public bool IsAttached => Volatile.Read(ref _map) is not null;

    /// <summary>Whether an element that is handed over now would start at once.</summary>
    public bool HasRoom => HasRoomFor(0);

    /// <summary>Whether an element that is handed over now would have at most this many others waiting before it.</summary>
    public bool HasRoomFor(int waiting)
    {
        if (!IsAttached)
            return false;
        lock (_session!.Lock)
            return !IsClosed && _taken.Count < _limit + waiting;
    }

    /// <summary>The elements that were handed over and have not ended, in their order. Read it when the run has ended.</summary>
    public IReadOnlyList<MapElement> Left => [.. _taken.Values.OrderBy(element => element.Ordinal)];

    /// <summary>Hands an element over. If there is room, it starts.</summary>
    /// <returns>Whether the feed accepted it. It does not if the run stops, or has not begun.</returns>
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
        // Reused elements cost the store as much as others do, but run no code that would slow them down. Wait for the store here.
        if (_session.Provenance.Backlog > MostBehind)
            Catch();
        return true;
    }

    /// <summary>Tells the feed that the input has ended. It has no effect before <see cref="IsAttached"/>.</summary>
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
            // This thread belongs to the caller and not to the run, so the fault is reported at the end of the run.
            _session.Fail(error);
        }

        lock (_session.Lock)
            _map!.DrawFed();
        _session.Dispatch();
    }

    /// <summary>Called when the input node has begun.</summary>
    public void Begin(FeedNode node) => _node = node;

    /// <summary>Called when the map begins to accept elements. Under the lock.</summary>
    /// <param name="map">The map.</param>
    /// <param name="limit">How many elements it may have in flight.</param>
    public void Attach(CompositeExecution map, int limit)
    {
        (_session, _limit) = (map.Run.Session, limit);
        Volatile.Write(ref _map, map);
    }

    /// <summary>Called when the map has ended. Outside of the lock.</summary>
    /// <param name="status">How it ended.</param>
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

    /// <summary>Tells the watcher that there may be room. Outside of the lock.</summary>
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

    /// <summary>Whether the input and all elements have ended. Under the lock.</summary>
    public bool IsComplete => HasEnded && _taken.Count == 0;

    /// <summary>Gets an element that was handed over and has not ended.</summary>
    public MapElement At(int ordinal)
    {
        lock (_session!.Lock)
            return _taken[ordinal];
    }

    /// <summary>Removes an element that has ended. Under the lock.</summary>
    public void Remove(MapElement element) => _taken.Remove(element.Ordinal);

    /// <summary>Warns of the first element that is not stored in full. A map writes one such warning.</summary>
    /// <param name="element">The element.</param>
    /// <param name="facts">What is known of its stored form.</param>
    public void TellCuts(MapElement element, ValueFacts facts)
    {
        if (Interlocked.Exchange(ref _hasToldCuts, 1) == 0)
            _map!.Run.WarningsOf(_map.Node).OfCuts($"the element {_map.Node.Label}[{element.Key}] of '{_map.Run.Dag.Name}'", facts);
    }

    /// <summary>Tells the watcher how an element ended. Outside of the lock.</summary>
    public void Tell(ElementEnd end) => _watcher?.Ended(end, _session!);

    private void Catch()
    {
        try
        {
            _session!.Provenance.FlushAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (DagException)
        {
            // If the store cannot write, it reports that again to whoever waits for a completion.
        }
    }
}
