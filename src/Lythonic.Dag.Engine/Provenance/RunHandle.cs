namespace Lythonic.Dag.Provenance;

/// <summary>Identifies a run to the store that records it. Stores derive from it to keep their own keys.</summary>
public abstract class RunHandle
{
    private readonly object _gate = new();
    private Action? _pauseRequested;
    private volatile bool _isPauseRequested;

    /// <summary>Makes a handle.</summary>
    /// <param name="runId">The run's id.</param>
    protected RunHandle(string runId) => RunId = runId;

    /// <summary>The run's id.</summary>
    public string RunId { get; }

    /// <summary>
    /// Whether somebody asked this run to pause through the store. Only root runs can be asked. From then on no node of the run starts.
    /// </summary>
    public bool IsPauseRequested => _isPauseRequested;

    /// <summary>
    /// Raised once, on any thread, when somebody asks this run to pause through the store. A listener that is added later is called at
    /// once.
    /// </summary>
    public event Action? PauseRequested
    {
        add
        {
            lock (_gate)
            {
                if (!_isPauseRequested)
                {
                    _pauseRequested += value;
                    return;
                }
            }

            value?.Invoke();
        }

        remove
        {
            lock (_gate)
                _pauseRequested -= value;
        }
    }

    /// <summary>Raises <see cref="PauseRequested"/>. The store calls it when it sees a request.</summary>
    public void OnPauseRequested()
    {
        Action? listeners;
        lock (_gate)
        {
            if (_isPauseRequested)
                return;
            _isPauseRequested = true;
            listeners = _pauseRequested;
        }

        listeners?.Invoke();
    }
}
