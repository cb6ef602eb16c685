namespace Lythonic.Dag.Hosting;

/// <summary>
/// Lets workers import modules one at a time, because a module may open a file or a port while it loads and expects to be the only one. If
/// a module runs a DAG while it loads, that run gets a gate of its own: the import holds this gate until the run has ended.
/// </summary>
internal sealed class ModuleGate
{
    private static readonly ModuleGate Outer = new();

    // This flows to the threads that a module starts while it loads, and some of those threads outlive the import.
    private static readonly AsyncLocal<Stay?> Importing = new();

    private readonly object _turn = new();
    private bool _isTaken;

    /// <summary>The gate for a run that is started here.</summary>
    public static ModuleGate Current => Importing.Value is { IsOver: false } stay ? stay.Inner : Outer;

    /// <summary>Waits for the turn of an import. Call it on the thread that imports.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>An object to dispose of, on the same thread, to end the turn.</returns>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public IDisposable Enter(CancellationToken cancellationToken)
    {
        using (cancellationToken.UnsafeRegister(static state => WakeAll(state!), _turn))
        {
            lock (_turn)
            {
                while (_isTaken)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Monitor.Wait(_turn);
                }

                _isTaken = true;
            }
        }

        return Importing.Value = new Stay(this, Importing.Value);
    }

    private void Leave()
    {
        lock (_turn)
        {
            _isTaken = false;
            Monitor.Pulse(_turn);
        }
    }

    private static void WakeAll(object turn)
    {
        lock (turn)
            Monitor.PulseAll(turn);
    }

    private sealed class Stay(ModuleGate gate, Stay? before) : IDisposable
    {
        private ModuleGate? _inner;
        private volatile bool _isOver;

        public bool IsOver => _isOver;

        public ModuleGate Inner => _inner ?? Interlocked.CompareExchange(ref _inner, new(), null) ?? _inner;

        public void Dispose()
        {
            _isOver = true;
            Importing.Value = before;
            gate.Leave();
        }
    }
}
