using System.Management.Automation;
using System.Runtime.ExceptionServices;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The queue of everything that must happen on the pipeline's thread while a run is in progress: writing what nodes write, inline nodes,
/// and progress. PowerShell lets only that thread write.
/// </summary>
internal sealed class PipelineThreadQueue(IStreamTarget target, IRunProgress progress, Dag dag) : ICallerThread, IRunObserver
{
    private static readonly TimeSpan StopWait = TimeSpan.FromSeconds(10);

    /// <summary>Whether the run has closing nodes. They still run after a stop, and the pipeline waits until they have ended.</summary>
    public bool HasClosing { get; init; }

    // This is not static, because a scriptblock belongs to the session that runs it first.
    private readonly Lazy<ScriptBlock> _inlineScript = new(() => ScriptBlock.Create(CallScripts.Inline));
    private readonly Lazy<ScriptBlock> _ruledScript = new(() => ScriptBlock.Create(RuledWork.Script));
    private readonly PipelineWorkQueue _work = new();
    private readonly NodeProgressBars _bars = new(progress.FirstId);
    private readonly HostLabels _labels = new(dag, () => progress.InFlight);
    private int _inlineThread;
    private ExceptionDispatchInfo? _stop;
    private volatile bool _isStopping;

    void ICallerThread.Post(Action work) => PostCall(work, work);

    void ICallerThread.Post(Action work, Action withdraw) => PostCall(work, withdraw);

    /// <summary>Queues the call of an inline node.</summary>
    /// <param name="call">Makes the call.</param>
    /// <param name="withdraw">
    /// Ends the call if the pipeline has stopped. The call itself cannot see that it must end: another thread may still be cancelling.
    /// </param>
    public void PostCall(Action call, Action withdraw)
    {
        if (!_work.TryAdd(new(call, withdraw)) && _isStopping)
            withdraw();
    }

    /// <summary>Queues work that needs preferences set around it; as <see cref="PostCall"/> does.</summary>
    public void PostRuled(RuledWork work, Action withdraw) => PostCall(() => target.CallInline(_ruledScript.Value, work), withdraw);

    /// <summary>Drains the queue until a run has ended. Call this on the pipeline's thread.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancel">Cancels the run if the pipeline stops, or if a forwarded error is made terminating.</param>
    public void DrainUntilEnd(Task run, CancellationTokenSource cancel)
    {
        EndWith(run);
        Drain(run, cancel, null);
    }

    /// <summary>Makes the queue accept no more work when a run has ended.</summary>
    public void EndWith(Task run) => run.ContinueWith(
        _ => _work.Close(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>
    /// Drains the queue until a condition is met or the run has ended. Call this on the pipeline's thread, after <see cref="EndWith"/>.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="cancel">As for <see cref="DrainUntilEnd"/>.</param>
    /// <param name="isMet">
    /// The condition, asked after each piece of work. Whatever makes it true must add a piece of work. <see langword="null"/> to wait for
    /// the end of the run.
    /// </param>
    public void Drain(Task run, CancellationTokenSource cancel, Func<bool>? isMet)
    {
        PipelineWork? current = null;
        try
        {
            while (!_work.IsCompleted && isMet?.Invoke() != true)
            {
                current = _work.Take(Shorter(_bars.Wait, progress.Wait));
                current?.Action();
                current = null;
                WriteProgress();
            }

            if (_work.IsCompleted)
                CompleteBars();
        }
        catch
        {
            // The pipeline is stopping, or a forwarded error was made terminating.
            BeginStop(cancel);
            EndStopped(current);
            EndStopping(run);
            throw;
        }
    }

    /// <summary>
    /// Does the work that is queued now, without waiting. Call this on the pipeline's thread, after <see cref="EndWith"/>.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="cancel">As for <see cref="DrainUntilEnd"/>.</param>
    public void DrainWaiting(Task run, CancellationTokenSource cancel)
    {
        if (_work.Count > 0)
            Drain(run, cancel, () => _work.Count == 0);
    }

    /// <summary>Stops a run whose pipeline has gone on without it, and waits for its end. Call this on the pipeline's thread.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancel">Cancels the run.</param>
    public void Stop(Task run, CancellationTokenSource cancel)
    {
        BeginStop(cancel);
        EndStopping(run);
    }

    private void BeginStop(CancellationTokenSource cancel)
    {
        _isStopping = true;
        cancel.Cancel();
    }

    private void EndStopping(Task run)
    {
        DrainStopping(run);
        TryCompleteBars();
    }

    /// <summary>Adds work for the pipeline's thread. If the pipeline has stopped, the work is not done.</summary>
    public void Post(Action work) => PostWrite(work);

    private void WriteProgress()
    {
        progress.Write(target, isNeeded: _bars.IsDue);
        _bars.Write(target);
    }

    /// <summary>Runs a scriptblock in the caller's own session. Call this on the pipeline's thread.</summary>
    public void RunInline(WorkerJob job)
    {
        var call = job.Call;
        if (call.NodeCall.CancellationToken.IsCancellationRequested)
        {
            job.End(NodeOutcome.Cancelled());
            return;
        }

        var before = NodeRunContext.Current;
        _inlineThread = Environment.CurrentManagedThreadId;
        call.Received = () => _stop?.Throw();
        NodeRunContext.Current = new(call.Context.RunId, call.Context.NodeLabel, call.Context.Path);
        var span = ActiveSpan.Enter(call.NodeCall.Span);
        try
        {
            if (call.Begin(
                call.Code.Filter(isInline: true) ?? call.Code.Script,
                job.Around(job.Snapshot.Named),
                strictMode: call.NodeCall.IsStrict ? StrictMode.Latest : StrictMode.Off))
                target.CallInline(InlineScriptOf(call.Code), call);
            job.End(call.End());
        }
        catch (Exception error) when (error.GetType().Name == "ExitException")
        {
            job.End(NodeOutcome.Failed(new NodeFailure($"The node '{call.Context.NodeLabel}' said 'exit'.", null, error)));
        }
        catch (Exception error)
        {
            if (error is PipelineStoppedException || error.GetType().Name == "StopUpstreamCommandsException")
                throw;
            job.End(NodeOutcome.From(error, call.NodeCall.CancellationToken));
        }
        finally
        {
            _inlineThread = 0;
            NodeRunContext.Current = before;
            span.Dispose();
        }
    }

    // Code of a module sees variables that are set around it only if they are set in the module's scope.
    private ScriptBlock InlineScriptOf(ScriptBlockCode code) =>
        code.Script.Module is { } home ? home.NewBoundScriptBlock(_inlineScript.Value) : _inlineScript.Value;

    /// <inheritdoc/>
    public void NodeSaid(DagContext context, NodeMessage message, object? native)
    {
        if (native is ProgressRecord record)
        {
            _bars.Expect(context);
            PostWrite(() => _bars.Update(context, record, target));
            return;
        }

        NodePlaces.Find(context, dag.Name);
        // A message of the engine itself has no record yet.
        native ??= message.Stream switch
        {
            "warning" => new WarningRecord(message.Text),
            "verbose" => new OwnVerbose(message.Text),
            "information" => new OwnInformation(message.Text),
            _ => null,
        };
        // An inline node already runs on the pipeline's thread, and nothing else is drained until it returns.
        if (Environment.CurrentManagedThreadId == _inlineThread)
            WriteInline(context, native);
        else
            _work.TryAdd(new(
                () => target.Write(context, _labels.Apply(context, native)),
                context.IsClosing ? () => target.WriteStopped(context, _labels.Apply(context, native)) : null));
    }

    // An exception that stops the pipeline belongs to the node that wrote. It is not a fault of this observer.
    private void WriteInline(DagContext context, object? native)
    {
        try
        {
            target.Write(context, _labels.Apply(context, native));
        }
        catch (Exception error)
        {
            _stop ??= ExceptionDispatchInfo.Capture(error);
        }
    }

    /// <inheritdoc/>
    public void RunStarted(string runId, string path, int nodeCount, string? parentRunId) =>
        progress.RunStarted(runId, path, nodeCount, parentRunId);

    /// <inheritdoc/>
    public void MapExpanded(string runId, string label, int elements) => progress.MapExpanded(runId, label, elements);

    /// <inheritdoc/>
    public void NodesTakenOver(string runId, int nodes) => progress.NodesTakenOver(runId, nodes);

    /// <inheritdoc/>
    public void ElementsTakenOver(string runId, string label, int elements) => progress.ElementsTakenOver(runId, label, elements);

    /// <inheritdoc/>
    public void NodeStarted(string runId, string label)
    {
        if (progress.NodeStarted(runId, label))
            PostWrite(static () => { });
    }

    /// <inheritdoc/>
    public void NodeEnded(string runId, string label, NodeStatus status)
    {
        if (_bars.IsExpected(runId, label))
            PostWrite(() => _bars.End(runId, label, target));
        if (progress.NodeEnded(runId, label, status))
            PostWrite(static () => { });
    }

    /// <inheritdoc/>
    public void RunEnded(string runId, DagRunStatus status)
    {
        if (progress.RunEnded(runId))
            PostWrite(static () => { });
    }

    private static int Shorter(int one, int other) =>
        one == Timeout.Infinite ? other : other == Timeout.Infinite ? one : Math.Min(one, other);

    private void CompleteBars()
    {
        _bars.EndAll(target);
        progress.Complete(target);
    }

    private void TryCompleteBars()
    {
        try
        {
            CompleteBars();
        }
        catch (PipelineStoppedException)
        {
            // The whole pipeline is stopping, and the host removes all bars.
        }
    }

    private void DrainStopping(Task run)
    {
        var until = Environment.TickCount64 + (long)StopWait.TotalMilliseconds;
        while (!run.IsCompleted && (HasClosing || Environment.TickCount64 < until))
        {
            // Nothing can be written to the pipeline any more, and every waiting call ends as cancelled.
            EndStopped(_work.Take(50));
        }

        while (_work.Take(0) is { } left)
            EndStopped(left);
    }

    private static void EndStopped(PipelineWork? work)
    {
        try
        {
            work?.WhenStopping?.Invoke();
        }
        catch (Exception)
        {
            // A host that cannot write what a closing node says must not keep the run from its end.
        }
    }

    // If the run has ended, no one drains the queue.
    private void PostWrite(Action write) => _work.TryAdd(new(write, null));
}
