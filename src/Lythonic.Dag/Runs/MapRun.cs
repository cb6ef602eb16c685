using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using Lythonic.Dag.Commands;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Internal;
using Lythonic.Dag.Sessions;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Runs;

/// <summary>
/// A run of <c>Invoke-DagMap</c>. It hands the objects of the pipeline to the engine as there is room for them, and writes results
/// meanwhile. All members are for the pipeline's thread, except those of <see cref="IFeedWatcher"/>, which the engine calls on any thread.
/// </summary>
internal sealed class MapRun : IFeedWatcher, IDisposable
{
    private readonly DagStoppableCmdlet _cmdlet;
    private readonly Dag _dag;
    private readonly DagProvenance _store;
    private readonly JsonValueCodec _codec = PowerShellCodec.Instance;
    private readonly PipelineThreadQueue _queue;
    private readonly ElementFeed _feed;
    private readonly MapResults _results;
    private readonly MapReadAhead _ahead = new();
    private readonly bool _stopsAtFailure;
    private readonly DateTimeOffset _begunAt = DateTimeOffset.UtcNow;
    private Task<DagRunResult>? _run;
    private ElementEnd? _failure;
    private string? _firstFailed;
    private int _failures;
    private int _done;
    private int _failed;
    private bool _hasFinished;
    private volatile bool _isStoppedWhileWriting;

    public MapRun(DagStoppableCmdlet cmdlet, Dag dag, DagProvenance store, bool isOrdered, int throttleLimit)
    {
        (_cmdlet, _dag, _store) = (cmdlet, dag, store);
        _queue = new PipelineThreadQueue(new CmdletStreams(cmdlet), new FeedProgress(cmdlet.MyInvocation.PipelinePosition), dag);
        _feed = new ElementFeed(this);
        _results = new MapResults(dag[FedDag.Each], cmdlet, isOrdered ? throttleLimit : null);
        _stopsAtFailure = dag[FedDag.Each].Settings.AllowedFailure is null;
        Live = new RunReader(store, _codec).FromLive(RunId, dag, _begunAt, () => _run is { IsCompletedSuccessfully: true } ended
            ? ended.Result
            : null);
    }

    /// <summary>The run's id.</summary>
    public string RunId { get; } = RunIds.OfRun();

    /// <summary>The run as an object for users. It shows the current state each time it is read.</summary>
    public DagRun Live { get; }

    /// <summary>Begins the run. On return it is in the store and accepts elements.</summary>
    /// <param name="options">The options of the run, without the seams.</param>
    /// <exception cref="DagException">The run cannot begin.</exception>
    public void Begin(DagRunOptions options)
    {
        var launcher = new RunLauncher(_cmdlet, _dag, _store);
        options = options with { RunId = RunId, Feed = _feed };
        var runner = new DagRunner(_dag, _store, launcher.WithSeams(options, _queue, _cmdlet.StopClosing));
        _run = runner.RunAsync(null, null, _cmdlet.StopSource.Token);
        _queue.EndWith(_run);
        DrainUntil(() => _feed.IsAttached || _feed.IsClosed);
        if (_run.Exception?.InnerException is DagException misuse)
        {
            _hasFinished = true;
            throw misuse;
        }
    }

    /// <summary>Waits until there is room for another element, and hands the object over as one.</summary>
    /// <returns>Whether the run accepted it. If not, the run has ended and its results have been written.</returns>
    public bool Add(object? value)
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
        _ahead.Adjust(since);
    }

    private void DrainWaiting() => _queue.DrainWaiting(_run!, _cmdlet.StopSource);

    /// <summary>Tells the run that the input has ended, and writes its results until it ends.</summary>
    public void End()
    {
        if (_hasFinished)
            return;
        _feed.End();
        Finish();
    }

    /// <inheritdoc/>
    /// <remarks>The pipeline may have dropped the cmdlet before its end. Then the run is cancelled here.</remarks>
    public void Dispose()
    {
        try
        {
            if (_run is { IsCompleted: false })
                _queue.Stop(_run, _cmdlet.StopSource);
            Remember();
            if (_run is { IsCompletedSuccessfully: true })
            {
                StopNotice.Write(_cmdlet, _store, _run, Done());
                _cmdlet.RunEnded(_store);
            }
        }
        finally
        {
            _ahead.Dispose();
        }
    }

    /// <inheritdoc/>
    public string? StopReason =>
        _isStoppedWhileWriting && !_cmdlet.IsInterrupted
            ? $"It was stopped downstream, which took no more results: {Done()}."
            : null;

    private string Done()
    {
        var failed = Volatile.Read(ref _failed);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Volatile.Read(ref _done):N0} elements done{(failed == 0 ? "" : $", {failed:N0} failed")}");
    }

    /// <inheritdoc/>
    public void Ended(ElementEnd end, RunSession session)
    {
        Interlocked.Increment(ref end.Failure is null ? ref _done : ref _failed);
        _queue.Post(() => Write(end, session));
        _ahead.CountEnd();
    }

    /// <inheritdoc/>
    public void Changed()
    {
        _queue.Post(static () => { });
        _ahead.Wake();
    }

    private void Write(ElementEnd end, RunSession session)
    {
        try
        {
            if (end.Failure is not null)
                WriteFailure(end);
            _results.Add(end, session);
        }
        catch (PipelineStoppedException)
        {
            _isStoppedWhileWriting = true;
            throw;
        }
    }

    private void WriteFailure(ElementEnd end)
    {
        _failures++;
        // An error that ends the run is written last, after the elements in flight have ended.
        if (_stopsAtFailure)
            _failure ??= end;
        else
            _cmdlet.WriteError(ErrorOf(end, others: 0));
    }

    private ErrorRecord ErrorOf(ElementEnd end, int others) =>
        ErrorRecords.ElementFailed(end, Describe(end.Element), RunId, Advice(end.Element), others);

    private FailedElement Describe(MapElement element) =>
        new($"{FedDag.Each}[{element.Key}]", "", ShortText.Render(element.Value, _codec));

    private bool HasReuse => _dag[FedDag.Each].Settings.Reuse;

    // An error for each element is many, and what helps is the same for all: it is said once.
    private string? Advice(MapElement element)
    {
        _firstFailed ??= element.Key;
        return _firstFailed != element.Key ? null
            : HasReuse ? "Mend the cause, then run the line again: what has completed with the same code is not run again."
            : "Mend the cause, then run the line again. With -Reuse from the first time on, "
                + "what has completed with the same code is not run again.";
    }

    private void DrainUntil(Func<bool> isMet) => _queue.Drain(_run!, _cmdlet.StopSource, isMet);

    private void Finish()
    {
        _queue.Drain(_run!, _cmdlet.StopSource, null);
        _hasFinished = true;
        _results.WriteRest();
        // If it was stopped before it began, there is no run.
        if (_run!.IsCanceled)
            return;
        var result = _run.GetAwaiter().GetResult();
        Remember();
        if (PauseNotice.Of(_store, _dag.Name, result, isFed: true) is { } paused)
            _cmdlet.WriteWarning(paused);
        if (_failure is { } failure)
            _cmdlet.WriteError(ErrorOf(failure, _failures - 1));
        else if (result.Failure is not null)
        {
            var isKept = _store.KeepsRuns && _feed.HasEnded;
            _cmdlet.WriteError(ErrorRecords.NodeFailed(result, _dag.Name, isKept, DatabaseFile.NameOf(_store), isWritten: isKept));
        }
    }

    // If the input had ended, the run can be restarted, but only in this session: nothing else has the elements that are left.
    private void Remember()
    {
        if (!_store.KeepsRuns || _run is not { IsCompletedSuccessfully: true })
            return;
        MapRuns.RememberReuse(RunId, HasReuse);
        if (_run.Result.Status != DagRunStatus.Completed && _feed.HasEnded)
            MapRuns.Remember(RunId, new(_dag, _feed));
    }
}
