namespace Lythonic.Dag.Provenance;

/// <summary>A run that is being written. Stores derive from it to keep their own keys.</summary>
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
    /// Whether somebody outside asked this run to pause. Only root runs can be asked. From then on no node of the run starts.
    /// </summary>
    public bool IsPauseRequested => _isPauseRequested;

    /// <summary>
    /// Raised once, on any thread, when somebody outside asks this run to pause. A listener that is added after the request is called at
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

    /// <summary>Called by the store when it sees that somebody asked.</summary>
    public void OnPauseRequested()
    {
        Action? told;
        lock (_gate)
        {
            if (_isPauseRequested)
                return;
            _isPauseRequested = true;
            told = _pauseRequested;
        }

        told?.Invoke();
    }
}
