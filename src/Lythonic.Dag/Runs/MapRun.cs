using System.Diagnostics;
using System.Management.Automation;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Commands;

/// <summary>
/// The run of a cmdlet that maps the objects of its pipeline: it hands them over as there is room, and writes what they give meanwhile. All
/// but what the engine calls is for the pipeline's thread.
/// </summary>
internal sealed class MapRun : IFeedWatcher, IDisposable
{
    private readonly DagStoppableCmdlet _cmdlet;
    private readonly Dag _dag;
    private readonly DagProvenance _store;
    private readonly JsonValueCodec _codec = new(new PowerShellValueAdapter());
    private readonly PipelineThreadQueue _queue;
    private readonly ElementFeed _feed;
    private readonly MapResults _results;
    private readonly MapAhead _ahead = new();
    private readonly bool _stopsAtFailure;
    private readonly DateTimeOffset _begunAt = DateTimeOffset.UtcNow;
    private Task<DagRunResult>? _run;
    private ErrorRecord? _failure;
    private bool _hasFinished;

    public MapRun(DagStoppableCmdlet cmdlet, Dag dag, DagProvenance store, bool isOrdered, int throttleLimit)
    {
        (_cmdlet, _dag, _store) = (cmdlet, dag, store);
        _queue = new PipelineThreadQueue(new CmdletStreams(cmdlet), new FeedProgress(cmdlet.MyInvocation.PipelinePosition), dag);
        _feed = new ElementFeed(this);
        _results = new MapResults(dag[FedDag.Each], cmdlet, isOrdered ? throttleLimit : null);
        _stopsAtFailure = dag[FedDag.Each].Settings.AllowedFailure is null;
        Live = new RunReader(store, _codec).OfLive(RunId, dag.Name, _begunAt, () => _run is { IsCompletedSuccessfully: true } ended
            ? ended.Result
            : null);
    }

    /// <summary>The run's id.</summary>
    public string RunId { get; } = RunIds.OfRun();

    /// <summary>The run, while it is in progress and after.</summary>
    public DagRun Live { get; }

    /// <summary>Begins the run: after that it is in the store, and takes what comes.</summary>
    /// <param name="options">How it is run, without the seams.</param>
    /// <exception cref="DagException">It cannot begin.</exception>
    public void Begin(DagRunOptions options)
    {
        var launcher = new RunLauncher(_cmdlet, _dag, _store);
        options = options with { RunId = RunId, Feed = _feed };
        var runner = new DagRunner(_dag, _store, launcher.Join(options, _queue, _cmdlet.StopClosing));
        _run = runner.RunAsync(null, null, _cmdlet.StopSource.Token);
        _queue.EndWith(_run);
        DrainUntil(() => _feed.IsAttached || _feed.IsClosed);
        if (_run.Exception?.InnerException is DagException misuse)
        {
            _hasFinished = true;
            throw misuse;
        }
    }

    /// <summary>Hands an object over, when there is room for it.</summary>
    /// <returns>Whether the run takes what comes; where not, it has ended and is finished.</returns>
    public bool Take(object? value)
    {
        if (_hasFinished)
            return false;
        DrainWaiting();
        if (!HasRoom())
            WaitForRoom();
        if (_feed.Offer(value))
        {
            DrainWaiting();
            return true;
        }

        Finish();
        return false;
    }

    private bool HasRoom() => _feed.IsClosed || (_feed.HasRoomFor(_ahead.Count) && _results.HasRoom(_feed.Count));

    private void WaitForRoom()
    {
        var since = Stopwatch.GetTimestamp();
        _ahead.Wait(_cmdlet.StopSource.Token);
        DrainWaiting();
        DrainUntil(HasRoom);
        _ahead.Judge(since);
    }

    private void DrainWaiting() => _queue.DrainWaiting(_run!, _cmdlet.StopSource);

    /// <summary>Nothing more comes: writes what is still to come, until the end of the run.</summary>
    public void End()
    {
        if (_hasFinished)
            return;
        _feed.End();
        Finish();
    }

    /// <inheritdoc/>
    /// <remarks>The pipeline may have gone on without the cmdlet: nothing of the run stays behind.</remarks>
    public void Dispose()
    {
        try
        {
            if (_run is { IsCompleted: false })
                _queue.Stop(_run, _cmdlet.StopSource);
            Remember();
            if (_run is { IsCompletedSuccessfully: true })
                _cmdlet.RunEnded(_store);
        }
        finally
        {
            _ahead.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Ended(ElementEnd end, RunSession session)
    {
        _queue.Post(() => Told(end, session));
        _ahead.Ended();
    }

    /// <inheritdoc/>
    public void Changed()
    {
        _queue.Post(static () => { });
        _ahead.Wake();
    }

    private void Told(ElementEnd end, RunSession session)
    {
        if (end.Failure is not null)
            Fail(end);
        _results.Add(end, session);
    }

    private void Fail(ElementEnd end)
    {
        var error = ErrorRecords.ElementFailed(end, Where(end.Element), RunId, Advice());
        // Where it ends the run, what is in flight finishes first.
        if (_stopsAtFailure)
            _failure ??= error;
        else
            _cmdlet.WriteError(error);
    }

    private FailedElement Where(MapElement element) => new($"{_dag.Name}[{element.Key}]", "", ShortText.Render(element.Value, _codec));

    private string Advice() => _dag[FedDag.Each].Settings.Reuse
        ? "Mend the cause, then run the same line again: what has completed is not run again."
        : $"Mend the cause, then run the line again. With -Reuse from the first time on, what has completed is not run again.";

    private void DrainUntil(Func<bool> hasCome) => _queue.Drain(_run!, _cmdlet.StopSource, hasCome);

    private void Finish()
    {
        _queue.Drain(_run!, _cmdlet.StopSource, null);
        _hasFinished = true;
        _results.WriteRest();
        // A start that is stopped leaves no run.
        if (_run!.IsCanceled)
            return;
        var result = _run.GetAwaiter().GetResult();
        Remember();
        if (result.Status == DagRunStatus.Paused)
            _cmdlet.WriteWarning(Paused(result));
        if (_failure is { } failure)
            _cmdlet.WriteError(failure);
        else if (result.Failure is not null)
            _cmdlet.WriteError(ErrorRecords.NodeFailed(result, _dag.Name, _store.KeepsRuns && _feed.HasEnded));
    }

    private string Paused(DagRunResult result) =>
        $"The run {result.RunId} of '{_dag.Name}' is paused and takes no more of the input. {result.Error}"
            + (_feed.HasEnded && _store.KeepsRuns ? $" Go on with: Restart-DagRun {result.RunId}" : "");

    // What is left of a run whose input had ended is in this session alone.
    private void Remember()
    {
        if (_store.KeepsRuns && _feed.HasEnded && _run is { IsCompletedSuccessfully: true } ended
            && ended.Result.Status != DagRunStatus.Completed)
            MapRuns.Remember(RunId, new(_dag, _feed));
    }
}
