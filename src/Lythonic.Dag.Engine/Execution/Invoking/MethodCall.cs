using System.Globalization;
using System.Reflection;
using System.Threading.Tasks.Sources;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>
/// A call of a method that is under way, and how it ends: once, whichever comes first of its own end and the time that it has to stop. It
/// is itself what is queued and what is awaited, as there is one for each node.
/// </summary>
/// <param name="invoker">What makes the call.</param>
/// <param name="code">The method.</param>
/// <param name="call">The call.</param>
internal sealed class MethodCall(PoolInvoker invoker, MethodCode code, NodeCall call) : IThreadPoolWorkItem, IValueTaskSource<NodeOutcome>
{
    /// <summary>How long a call may take to end after it was told to stop, before its thread is abandoned.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private const int Running = 0;
    private const int Stopping = 1;
    private const int Ended = 2;

    // The caller's thread may hold a lock of the caller, so the engine continues on another thread after an inline call.
    private ManualResetValueTaskSourceCore<NodeOutcome> _end = new() { RunContinuationsAsynchronously = call.Inline };
    private CancellationTokenRegistration _stop;
    private ITimer? _grace;
    private int _state = Running;
    private volatile bool _isMade;

    /// <summary>
    /// Begins to watch the token that stops the call. Call this before the call is queued. A method that ignores the token is abandoned
    /// after a while.
    /// </summary>
    /// <returns>Completes when the call has ended. Awaited once.</returns>
    public ValueTask<NodeOutcome> WatchAsync()
    {
        _stop = call.CancellationToken.UnsafeRegister(static state => ((MethodCall)state!).Stop(), this);
        return new(this, _end.Version);
    }

    /// <summary>Makes the call on a thread of the pool, whose context is empty.</summary>
    public void Execute()
    {
        var before = ExecutionContext.Capture()!;
        invoker.EnterCulturesOnPool();
        NodeRunContext.Current = Context();
        var outcome = Run();
        ExecutionContext.Restore(before);
        EndWith(outcome);
    }

    /// <summary>Makes the call on the caller's thread.</summary>
    public void RunOnCaller()
    {
        _isMade = true;
        var before = (NodeRunContext.Current, CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        invoker.EnterCultures();
        NodeRunContext.Current = Context();
        var outcome = Run();
        (NodeRunContext.Current, CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        EndWith(outcome);
    }

    /// <summary>Ends the call as cancelled, because the thread that would make it has stopped. What was made ends by itself.</summary>
    public void Withdraw()
    {
        if (!_isMade)
            EndWith(NodeOutcome.Cancelled());
    }

    NodeOutcome IValueTaskSource<NodeOutcome>.GetResult(short token) => _end.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<NodeOutcome>.GetStatus(short token) => _end.GetStatus(token);

    void IValueTaskSource<NodeOutcome>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _end.OnCompleted(continuation, state, token, flags);

    private NodeRunContext Context() => new(call.Context.RunId, call.Context.NodeLabel, call.Context.Path);

    // Never throws. Returns null if the method returned a task that is still running: the task then ends the call.
    private NodeOutcome? Run()
    {
        var span = ActiveSpan.Enter(call.Span);
        try
        {
            call.CancellationToken.ThrowIfCancellationRequested();
            var method = code.MethodOf(call.Signature);
            var result = Call(method);
            // The thread that completes the task may hold a lock, so the engine continues on a pool thread.
            if (Awaitable.AsTask(result, method.ReturnType, call.CancellationToken) is not { } task)
                return Convert(result);
            if (task.IsCompleted)
                return OutcomeOf(task);
            task.ContinueWith(
                ended => EndWith(OutcomeOf(ended)), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return null;
        }
        catch (Exception error)
        {
            return NodeOutcome.From(error, call.CancellationToken);
        }
        finally
        {
            span.Dispose();
        }
    }

    private object? Call(MethodInfo method)
    {
        var arguments = MethodCallArguments.Bind(method, call, invoker.Converter);
        return method.Invoke(code.Target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }

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

    private void EndWith(NodeOutcome? known)
    {
        if (known is not { } outcome)
            return;
        var before = Interlocked.Exchange(ref _state, Ended);
        if (before == Ended)
            return;
        if (before == Stopping && outcome.Kind != NodeOutcomeKind.Completed)
            outcome = NodeOutcome.Cancelled();
        _stop.Unregister();
        Volatile.Read(ref _grace)?.Dispose();
        _end.SetResult(outcome);
    }

    private void Stop()
    {
        if (Interlocked.CompareExchange(ref _state, Stopping, Running) != Running)
            return;
        var grace = invoker.Clock.CreateTimer(static state => ((MethodCall)state!).GiveUp(), this, Grace, Timeout.InfiniteTimeSpan);
        Volatile.Write(ref _grace, grace);
        if (Volatile.Read(ref _state) == Ended)
            grace.Dispose();
    }

    private void GiveUp()
    {
        if (Interlocked.Exchange(ref _state, Ended) == Ended)
            return;
        Volatile.Read(ref _grace)?.Dispose();
        call.Abandoned = true;
        _end.SetResult(NodeOutcome.Cancelled());
    }
}
