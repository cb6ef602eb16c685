using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>The turns of the store in memory: runs that must not overlap.</summary>
internal sealed class MemoryTurns(object gate, Func<string, MemoryRun?> liveRun, Func<int> process, Action flush)
{
    private readonly List<Turn> _waiting = [];

    /// <summary>How many turns have a place in the order of asking.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
                return _waiting.Count;
        }
    }

    /// <summary>Called when a turn has got a place.</summary>
    public Action? Waits { get; set; }

    public RunTurn Ask(string name, bool waits) => new Turn(this, name, waits, process());

    /// <summary>Throws if the turn has not come. Under the store's lock.</summary>
    public void Require(RunTurn? asked)
    {
        if (asked is not Turn turn)
            return;
        // Records of other runs count even if they are not durable. A real store may not see them yet.
        flush();
        var live = liveRun(turn.Name);
        if (live is null && IsFirst(turn))
            return;
        if (turn.Waits && !_waiting.Contains(turn))
        {
            _waiting.Add(turn);
            Waits?.Invoke();
        }

        throw turn.Refused(live?.RunId ?? "");
    }

    /// <summary>The run of a turn has begun. Under the store's lock.</summary>
    public void Take(RunTurn? taken)
    {
        if (taken is not Turn turn)
            return;
        flush();
        _waiting.Remove(turn);
        Tell();
    }

    /// <summary>Wakes the waiting turns that have come. Under the store's lock.</summary>
    public void Tell()
    {
        foreach (var turn in _waiting.Where(turn => IsFirst(turn) && liveRun(turn.Name) is null))
            turn.Come();
    }

    private bool IsFirst(Turn turn) => !turn.Waits || (_waiting.FirstOrDefault(other => other.IsBefore(turn)) ?? turn) == turn;

    private sealed class Turn(MemoryTurns all, string name, bool waits, int process) : RunTurn(name, waits)
    {
        private TaskCompletionSource _come = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsBefore(Turn turn) => process == all.CurrentProcess && Name.Equals(turn.Name, StringComparison.OrdinalIgnoreCase);

        public void Come() => _come.TrySetResult();

        public DagException Refused(string runId)
        {
            // A turn that already waits keeps waiting on the same task.
            if (_come.Task.IsCompleted)
                _come = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return Overlap(runId, "memory");
        }

        public override Task WaitAsync(CancellationToken cancellationToken)
        {
            lock (all.Gate)
                all.Tell();
            return _come.Task.WaitAsync(cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            lock (all.Gate)
            {
                all._waiting.Remove(this);
                all.Tell();
            }
        }
    }

    private object Gate => gate;

    private int CurrentProcess => process();
}
