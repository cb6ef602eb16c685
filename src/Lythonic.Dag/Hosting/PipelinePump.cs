using System.Collections.Concurrent;
using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The one queue that the pipeline's thread drains while a run is in progress: what nodes write, inline nodes and progress. Only that thread may write.
/// </summary>
internal sealed class PipelinePump(IStreamTarget target, RunProgress progress) : ICallerThread, IRunObserver, IDisposable
{
    private static readonly TimeSpan StopWait = TimeSpan.FromSeconds(10);

    // Not static: a scriptblock belongs to the session that runs it first.
    private readonly Lazy<ScriptBlock> _inlineScript = new(() => ScriptBlock.Create(CallFrame.InlineScript));
    private readonly BlockingCollection<Action> _work = [];
    private int _inlineThread;
    private WorkerJob? _stopped;

    /// <inheritdoc/>
    public void Post(Action work)
    {
        try
        {
            _work.Add(work);
        }
        catch (InvalidOperationException)
        {
            // The run has ended, and nobody writes any more.
        }
    }

    /// <summary>Drains until a run has ended. On the pipeline's thread.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancel">Stops the run, when the pipeline stops or an error must not be passed over.</param>
    public void Run(Task run, CancellationTokenSource cancel)
    {
        run.ContinueWith(_ => _work.CompleteAdding(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            foreach (var work in _work.GetConsumingEnumerable())
            {
                work();
                progress.Write(target);
            }

            progress.Complete(target);
        }
        catch
        {
            // The pipeline is stopping, or a forwarded error was made terminating: the run stops before the exception goes on.
            cancel.Cancel();
            _stopped?.End(NodeOutcome.Cancelled());
            DrainStopping(run);
            throw;
        }
    }

    /// <summary>Runs a scriptblock in the caller's own session. On the pipeline's thread.</summary>
    public void RunInline(WorkerJob job)
    {
        var frame = job.Frame;
        if (frame.Call.CancellationToken.IsCancellationRequested)
        {
            job.End(NodeOutcome.Cancelled());
            return;
        }

        var before = NodeRunContext.Current;
        _inlineThread = Environment.CurrentManagedThreadId;
        NodeRunContext.Current = new(frame.Context.RunId, frame.Context.NodeLabel, frame.Context.Path);
        try
        {
            if (frame.Begin(frame.Code.Script, job.Image.Named))
                target.CallInline(_inlineScript.Value, frame);
            job.End(frame.End());
        }
        catch (Exception error) when (error.GetType().Name == "ExitException")
        {
            job.End(NodeOutcome.Failed(new NodeFailure($"The node '{frame.Context.NodeLabel}' said 'exit'.", null, error)));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            if (error is PipelineStoppedException || error.GetType().Name == "StopUpstreamCommandsException")
            {
                _stopped = job;
                throw;
            }

            job.End(NodeOutcome.From(error, frame.Call.CancellationToken));
        }
        finally
        {
            _inlineThread = 0;
            NodeRunContext.Current = before;
        }
    }

    /// <inheritdoc/>
    public void NodeSaid(DagContext context, NodeMessage message, object? native)
    {
        // What the engine itself says of a node has no record yet.
        native ??= message.Stream == "warning" ? new WarningRecord(message.Text) : null;
        // An inline node is on the thread that may write, and nothing else is drained until it returns.
        if (Environment.CurrentManagedThreadId == _inlineThread)
            target.Write(context, native);
        else
            Post(() => target.Write(context, native));
    }

    /// <inheritdoc/>
    public void RunStarted(string runId, string path, int nodeCount, string? parentRunId) => progress.RunStarted(runId, path, nodeCount, parentRunId);

    /// <inheritdoc/>
    public void MapExpanded(string runId, string label, int elements) => progress.MapExpanded(label, elements);

    /// <inheritdoc/>
    public void NodeStarted(string runId, string label)
    {
    }

    /// <inheritdoc/>
    public void NodeEnded(string runId, string label, NodeStatus status)
    {
        if (progress.NodeEnded(runId))
            Post(static () => { });
    }

    /// <inheritdoc/>
    public void RunEnded(string runId, DagRunStatus status)
    {
        if (progress.RunEnded(runId))
            Post(static () => { });
    }

    /// <inheritdoc/>
    public void Dispose() => _work.Dispose();

    private void DrainStopping(Task run)
    {
        var until = Environment.TickCount64 + (long)StopWait.TotalMilliseconds;
        while (!run.IsCompleted && Environment.TickCount64 < until)
            _work.TryTake(out _, 50);
    }
}
