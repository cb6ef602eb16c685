using System.Collections.Concurrent;
using Lythonic.Dag.Execution;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>A run whose elements a test hands over. It records what the run reports of them.</summary>
internal sealed class FedRun : IFeedWatcher, IDisposable
{
    private readonly SemaphoreSlim _changed = new(0);
    private readonly CancellationTokenSource _cancel = new();

    /// <summary>Begins the run.</summary>
    /// <param name="store">The store that keeps the run, or <see langword="null"/>.</param>
    /// <param name="code">What runs for each element.</param>
    /// <param name="limit">How many elements may be in flight.</param>
    /// <param name="settings">The settings of the map.</param>
    public FedRun(DagProvenance? store, Delegate code, int limit = 2, NodeSettings? settings = null)
    {
        Dag = FedDag.Create("map", MethodCode.From(code), settings ?? AllMayFail);
        Feed = new ElementFeed(this);
        Runner = new DagRunner(Dag, store, new DagRunOptions { ThrottleLimit = limit, Feed = Feed });
        Run = Runner.RunAsync(null, null, _cancel.Token);
    }

    /// <summary>The settings of a map whose elements may all fail.</summary>
    public static NodeSettings AllMayFail => new() { AllowedFailure = AllowedFailure.OfPercent(100) };

    public Dag Dag { get; }

    public DagRunner Runner { get; }

    public ElementFeed Feed { get; }

    public Task<DagRunResult> Run { get; }

    /// <summary>The reported results, in the order in which they came.</summary>
    public ConcurrentQueue<object?> Results { get; } = new();

    /// <summary>The reported failures.</summary>
    public ConcurrentQueue<(object? Element, string Message)> Failures { get; } = new();

    /// <summary>Completes when there is room for an element, or when there never will be.</summary>
    public async Task RoomAsync()
    {
        while (!Feed.HasRoom && !Feed.IsClosed)
            await _changed.WaitAsync().Soon();
    }

    /// <summary>Completes when that many results and failures have been reported.</summary>
    public async Task ToldAsync(int count)
    {
        while (Results.Count + Failures.Count < count)
            await _changed.WaitAsync().Soon();
    }

    /// <summary>Hands elements over as there is room for them.</summary>
    /// <returns>How many elements the run accepted.</returns>
    public async Task<int> OfferAsync(params object?[] elements)
    {
        var taken = 0;
        foreach (var element in elements)
        {
            await RoomAsync();
            taken += Feed.Offer(element) ? 1 : 0;
        }

        return taken;
    }

    /// <summary>Tells the run that the input has ended, and waits until the run has ended.</summary>
    public async Task<DagRunResult> EndAsync()
    {
        await RoomAsync();
        Feed.End();
        return await Run.Soon();
    }

    public void Cancel() => _cancel.Cancel();

    public string? StopReason { get; init; }

    public void Ended(ElementEnd end, RunSession session)
    {
        if (end.Failure is { } failure)
            Failures.Enqueue((end.Element.Value, failure.Message));
        else
            Results.Enqueue(end.Output?.Read(session));
        _changed.Release();
    }

    public void Changed() => _changed.Release();

    public void Dispose() => _cancel.Dispose();
}
