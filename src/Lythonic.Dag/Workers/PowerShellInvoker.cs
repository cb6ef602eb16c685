using Lythonic.Dag.Errors;
using Lythonic.Dag.Internal;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Runs scriptblocks in worker runspaces, and inline ones in the caller's session. Methods go to the engine's own invoker.
/// </summary>
internal sealed class PowerShellInvoker(
    WorkerPool pool,
    INodeInvoker methods,
    INodeInvoker strictMethods,
    SessionSnapshot snapshot,
    PipelineThreadQueue queue,
    IValueConverter converter) : INodeInvoker
{
    /// <inheritdoc/>
    public bool EndsOnOwnThread => true;

    /// <inheritdoc/>
    public void LeaveThread() => pool.LeaveThread();

    /// <inheritdoc/>
    public ValueTask<NodeOutcome> InvokeAsync(NodeCall call)
    {
        if (call.Code is not ScriptBlockCode)
            return (call.IsStrict ? strictMethods : methods).InvokeAsync(call);
        var job = new WorkerJob(new ScriptCall(call, converter), snapshot);
        if (call.Inline)
            queue.PostCall(() => queue.RunInline(job), job.Withdraw);
        else
            job.AddTo(pool);
        return new(job.Done);
    }

    /// <summary>An error record, as <c>catch</c> sees it, whatever failed.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="label">The node that failed.</param>
    public object ErrorOf(NodeFailure failure, string label) => ErrorRecords.ForNode(failure, label);
}
