namespace Lythonic.Dag.Provenance;

/// <summary>A run that is being written. Stores derive from it to keep their own keys.</summary>
public abstract class RunHandle
{
    private int _pauseRequested;

    /// <summary>Makes a handle.</summary>
    /// <param name="runId">The run's id.</param>
    protected RunHandle(string runId) => RunId = runId;

    /// <summary>The run's id.</summary>
    public string RunId { get; }

    /// <summary>Raised once, on any thread, when somebody asks this run to pause from outside. Only root runs are asked.</summary>
    public event Action? PauseRequested;

    /// <summary>Called by the store when it sees that somebody asked.</summary>
    public void OnPauseRequested()
    {
        if (Interlocked.Exchange(ref _pauseRequested, 1) == 0)
            PauseRequested?.Invoke();
    }
}
