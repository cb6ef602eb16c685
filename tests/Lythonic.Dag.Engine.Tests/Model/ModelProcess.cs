using System.Collections.Concurrent;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Model;

/// <summary>A process that runs, restarts or replays a DAG once. It is the invoker of the nodes, and it may crash.</summary>
internal sealed class ModelProcess : INodeInvoker, IDisposable
{
    private readonly World _world;
    private readonly int _throttle;
    private readonly CancellationTokenSource _cancel = new();
    private readonly DagRunner _runner;
    private readonly ConcurrentDictionary<string, int> _places = new();
    private int _inFlight;
    private int _posted;
    private volatile bool _isDead;
    private volatile bool _hasEnded;

    public ModelProcess(World world, int throttle, bool continueOnFailure, bool includeDownstream = false)
    {
        (_world, _throttle) = (world, throttle);
        _runner = new DagRunner(
            world.Plan.Build(World.RootName),
            world.Store,
            new DagRunOptions
            {
                Invoker = this,
                Codec = new ReorderingCodec(),
                Clock = new InstantClock(),
                ThrottleLimit = throttle,
                ContinueOnFailure = continueOnFailure,
                IncludeDownstream = includeDownstream,
            });
    }

    /// <summary>What went wrong in this process.</summary>
    public ConcurrentDictionary<Fault, int> Seen { get; } = new();

    /// <summary>Every node that was called.</summary>
    public ConcurrentDictionary<string, bool> Called { get; } = new();

    public bool IsDead => _isDead;

    /// <summary>Makes the process crash, or be paused or cancelled from outside, when it has posted that many records.</summary>
    public void Plan(int record, Fault halt, int kept) =>
        _world.Store.Posted = () =>
        {
            if (Interlocked.Increment(ref _posted) == record)
                Halt(halt, kept);
        };

    public async Task<DagRunResult> RunAsync(Func<DagRunner, CancellationToken, Task<DagRunResult>> start)
    {
        var result = await start(_runner, _cancel.Token);
        _hasEnded = true;
        _world.Store.Posted = null;
        if (_inFlight != 0)
            Wrong($"{_inFlight} nodes are in flight after the end");
        return result;
    }

    public ValueTask<NodeOutcome> InvokeAsync(NodeCall call) => new(Task.Run(() => Invoke(call)));

    public void Dispose() => _cancel.Dispose();

    private NodeOutcome Invoke(NodeCall call)
    {
        if (_isDead || call.CancellationToken.IsCancellationRequested)
            return NodeOutcome.Cancelled();
        Interlocked.Increment(ref _inFlight);
        var (place, most) = call.Host is { } host ? (host.Name, host.Slots) : ("", _throttle);
        if (_places.AddOrUpdate(place, 1, (_, count) => count + 1) > most)
            Wrong(call.Host is null ? "the throttle is exceeded" : $"the slots of host {place} are exceeded");
        try
        {
            return InvokeAt(call);
        }
        finally
        {
            _places.AddOrUpdate(place, 0, (_, count) => count - 1);
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private NodeOutcome InvokeAt(NodeCall call)
    {
        var code = (PlanCode)call.Code;
        if (code.IsCondition)
            CheckAsked($"{call.Context.Path}:{call.Context.NodeLabel}");
        if (code.IsPredicate)
            return NodeOutcome.Completed(code.Evaluate(call.Begin().PipelineValue));
        var node = $"{call.Context.Path}:{call.Context.NodeLabel}";
        var hostFault = call.Host is null || _world.IsCalm ? Fault.None : _world.Faults.OfHost(node, _world.CountTrial(node));
        Seen[hostFault] = 1;
        if (hostFault == Fault.Refuse)
            return NodeOutcome.Unreachable(new NodeFailure("refused"), hasBegun: false);
        // The input of a closing node, and how often it runs, depend on how its upstreams ended each time.
        var isClosing = call.Context.NodeLabel[0] == 'z';
        Check(node, isClosing);
        var input = call.Begin().PipelineValue;
        if (!(isClosing && _world.Halts) && !_world.Reference.Inputs.Contains((node, PlanCode.Form(input))))
            Wrong($"{node} is given {PlanCode.Form(input)}");
        if (hostFault == Fault.Lose)
            return NodeOutcome.Unreachable(new NodeFailure("lost"), hasBegun: true);
        var fault = _world.IsCalm
            ? Fault.None
            : _world.Faults.Of(node, _world.CountCall(node), call.CancellationToken.CanBeCanceled && HasTimeout(node));
        return End(fault, () => code.Evaluate(input));
    }

    private NodeOutcome End(Fault fault, Func<object?> evaluate)
    {
        Seen[fault] = 1;
        switch (fault)
        {
            case Fault.Fail:
                return NodeOutcome.Failed(new NodeFailure("fails"));
            case Fault.TimeOut:
                InstantClock.TimeOut();
                return NodeOutcome.Cancelled();
            case Fault.Pause:
                return NodeOutcome.Paused("pauses");
            case Fault.Cancel:
                _cancel.Cancel();
                return NodeOutcome.Cancelled();
            default:
                return NodeOutcome.Completed(evaluate());
        }
    }

    private void CheckAsked(string node)
    {
        if (!_world.Asked.TryAdd(node, true) && !_world.HasCrashed)
            Wrong($"the condition of {node} is asked twice");
    }

    private void Check(string node, bool isClosing)
    {
        Called[node] = true;
        if (_hasEnded)
            Wrong($"{node} runs after the end");
        if (isClosing)
            return;
        if (_world.Store.IsDone(node) && !_isDead)
            Wrong($"{node} runs again");
        foreach (var upstream in _world.Reference.Upstreams.GetValueOrDefault(node) ?? [])
        {
            if (!_world.Store.IsDone(upstream) && !_isDead)
                Wrong($"{node} runs before {upstream} is done and durable");
        }
    }

    private bool HasTimeout(string node)
    {
        var plan = _world.Plan;
        var (path, label) = (node[..node.LastIndexOf(':')], node[(node.LastIndexOf(':') + 1)..]);
        foreach (var part in path.Split('/').Skip(1))
        {
            var (outer, key) = (
                part[..part.IndexOf('[', StringComparison.Ordinal)], part[(part.IndexOf('[', StringComparison.Ordinal) + 1)..^1]);
            var composite = plan.Nodes.Single(candidate => candidate.Label == outer);
            plan = composite.Subs[composite.Kind == NodeKind.Switch ? key[1] - '0' : 0];
        }

        return plan.Nodes.Single(candidate => candidate.Label == label).HasTimeout;
    }

    // Called while the store's lock is held. A pause or a cancel takes the run's lock, so it must not be waited for here.
    private void Halt(Fault halt, int kept)
    {
        Seen[halt] = 1;
        if (halt == Fault.Pause)
        {
            ThreadPool.QueueUserWorkItem(_ => _runner.Pause());
            return;
        }

        if (halt == Fault.None)
        {
            _isDead = true;
            _world.HasCrashed = true;
            _world.Store.Crash(kept);
        }

        _cancel.CancelAfter(TimeSpan.Zero);
    }

    private void Wrong(string what) => _world.Wrong.Enqueue(what);
}
