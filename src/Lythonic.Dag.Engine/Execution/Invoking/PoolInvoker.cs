using System.Globalization;
using System.Reflection;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The engine's own invoker: calls methods, synchronous ones on pool threads, inline ones on the caller's thread; awaits tasks.
/// </summary>
internal sealed class PoolInvoker(IValueConverter converter, ICallerThread? callerThread, TimeProvider? clock = null) : INodeInvoker
{
    /// <summary>How long a call may take to end after it was told to stop, before its thread is abandoned.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    // The cultures of the thread that starts the run, so that a method reads and writes numbers as its caller does.
    private readonly CultureInfo _culture = CultureInfo.CurrentCulture;
    private readonly CultureInfo _uiCulture = CultureInfo.CurrentUICulture;

    private IValueConverter Converter => converter;

    /// <inheritdoc/>
    public bool EndsOnOwnThread => true;

    /// <inheritdoc/>
    public ValueTask<NodeOutcome> InvokeAsync(NodeCall call)
    {
        if (call.Code is not MethodCode code)
            return new(NodeOutcome.Failed(new NodeFailure($"Nothing here runs '{call.Code.Description}'.")));
        // The caller's thread may hold a lock of the caller, so the engine continues on another thread after an inline call.
        var done = new TaskCompletionSource<NodeOutcome>(
            call.Inline ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);
        var work = new Work(this, code, call, done);
        if (call.Inline && callerThread is not null)
            callerThread.Post(work.Run);
        else
            ThreadPool.UnsafeQueueUserWorkItem(static queued => queued.Run(), work, preferLocal: false);
        return call.CancellationToken.CanBeCanceled ? new(EndsSoonAsync(call, done.Task)) : new(done.Task);
    }

    // A method that ignores its cancellation token is abandoned after a while.
    private async Task<NodeOutcome> EndsSoonAsync(NodeCall call, Task<NodeOutcome> work)
    {
        if (work.IsCompleted)
            return await work.ConfigureAwait(false);
        var stop = new TaskCompletionSource();
        using var registration = call.CancellationToken.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), stop);
        if (await Task.WhenAny(work, stop.Task).ConfigureAwait(false) == work)
            return await work.ConfigureAwait(false);
        if (await Task.WhenAny(work, Task.Delay(Grace, clock ?? TimeProvider.System, CancellationToken.None)).ConfigureAwait(false) == work)
            return await work.ConfigureAwait(false) is { Kind: NodeOutcomeKind.Completed } late ? late : NodeOutcome.Cancelled();
        call.Abandoned = true;
        return NodeOutcome.Cancelled();
    }

    private sealed class Work(PoolInvoker invoker, MethodCode code, NodeCall call, TaskCompletionSource<NodeOutcome> done)
    {
        public void Run()
        {
            var before = (NodeRunContext.Current, CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
            CultureInfo.CurrentCulture = invoker._culture;
            CultureInfo.CurrentUICulture = invoker._uiCulture;
            NodeOutcome? outcome = null;
            NodeRunContext.Current = new(call.Context.RunId, call.Context.NodeLabel, call.Context.Path);
            var span = ActiveSpan.Enter(call.Span);
            try
            {
                call.CancellationToken.ThrowIfCancellationRequested();
                var result = Call();
                // The thread that completes the task may hold a lock, so the engine continues on a pool thread.
                if (Awaitable.AsTask(result) is not { } task)
                    outcome = Convert(result);
                else if (task.IsCompleted)
                    outcome = OutcomeOf(task);
                else
                    task.ContinueWith(Finish, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
            catch (Exception error)
            {
                outcome = NodeOutcome.From(error, call.CancellationToken);
            }
            finally
            {
                span.Dispose();
                (NodeRunContext.Current, CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
            }

            if (outcome is { } known)
                done.TrySetResult(known);
        }

        private object? Call()
        {
            var method = code.MethodOf(call.Signature);
            var arguments = MethodCallArguments.Bind(method, call, invoker.Converter);
            return method.Invoke(code.Target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        }

        private void Finish(Task task) => done.TrySetResult(OutcomeOf(task));

        private NodeOutcome OutcomeOf(Task task)
        {
            try
            {
                task.GetAwaiter().GetResult();
                return Convert(Awaitable.ResultOf(task));
            }
            catch (Exception error)
            {
                return NodeOutcome.From(error, call.CancellationToken);
            }
        }

        private NodeOutcome Convert(object? value)
        {
            value = LazySequence.Read(value, call.OutputType, call.CancellationToken);
            if (call.OutputType is not { } type || type == typeof(void) || type.IsInstanceOfType(value))
                return NodeOutcome.Completed(value);
            if (value is null && !type.IsValueType)
                return NodeOutcome.Completed(null);
            return invoker.Converter.TryConvert(value, type, out var converted, out var problem)
                ? NodeOutcome.Completed(converted)
                : NodeOutcome.Failed(new NodeFailure(
                    $"The output of node '{call.Context.NodeLabel}' cannot be converted to {type}: {problem}")
                {
                    ErrorId = DagErrorId.DagTypeMismatch,
                });
        }
    }
}
