using System.Globalization;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The engine's own invoker: calls methods, synchronous ones on pool threads, inline ones on the caller's thread; awaits tasks.
/// </summary>
internal sealed class PoolInvoker(IValueConverter converter, ICallerThread? callerThread, TimeProvider? clock = null) : INodeInvoker
{
    // The cultures of the thread that starts the run, so that a method reads and writes numbers as its caller does.
    private readonly CultureInfo _culture = CultureInfo.CurrentCulture;
    private readonly CultureInfo _uiCulture = CultureInfo.CurrentUICulture;
    private ExecutionContext? _ofPool;

    /// <summary>Converts arguments and outputs.</summary>
    public IValueConverter Converter => converter;

    /// <summary>The clock that measures how long a call takes to stop.</summary>
    public TimeProvider Clock { get; } = clock ?? TimeProvider.System;

    /// <inheritdoc/>
    public bool EndsOnOwnThread => true;

    /// <inheritdoc/>
    public ValueTask<NodeOutcome> InvokeAsync(NodeCall call)
    {
        if (call.Code is not MethodCode code)
            return new(NodeOutcome.Failed(new NodeFailure($"Nothing here runs '{call.Code.Description}'.")));
        var method = new MethodCall(this, code, call);
        var ended = method.WatchAsync();
        if (call.Inline && callerThread is not null)
            callerThread.Post(method.RunOnCaller, method.Withdraw);
        else
            ThreadPool.UnsafeQueueUserWorkItem(method, preferLocal: false);
        return ended;
    }

    /// <summary>Gives this thread the cultures of the caller.</summary>
    public void EnterCultures()
    {
        CultureInfo.CurrentCulture = _culture;
        CultureInfo.CurrentUICulture = _uiCulture;
    }

    /// <summary>Gives this thread of the pool, which has nothing else in its context, the cultures of the caller.</summary>
    public void EnterCulturesOnPool()
    {
        // Setting cultures makes several objects, so the context that has them is kept for the next call.
        if (_ofPool is { } known)
        {
            ExecutionContext.Restore(known);
            return;
        }

        EnterCultures();
        _ofPool = ExecutionContext.Capture();
    }
}
