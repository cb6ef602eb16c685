using Lythonic.Dag.Transport;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The connections of the process, which all runs share. They are opened when there is work, and closed when they have been idle for a
/// while. To open one costs as much as a hundred calls. This class names types of the transport, which must be loaded before.
/// </summary>
internal sealed class HostConnections(TimeProvider clock)
{
    private static readonly TimeSpan IdleLife = TimeSpan.FromSeconds(60);

    // Connections outlive runs, so the object that keeps them is static.
    private static readonly Lazy<HostConnections> Shared = new(() => new HostConnections(TimeProvider.System));

    private readonly object _gate = new();
    private readonly Dictionary<HostEndpoint, Stack<HostLine>> _idle = [];
    private ITimer? _timer;

    /// <summary>The connections of this process.</summary>
    public static HostConnections Current => Shared.Value;

    /// <summary>Takes an idle connection, or opens a new one.</summary>
    /// <param name="endpoint">The host to connect to.</param>
    /// <param name="job">The call that it is for.</param>
    /// <returns>The connection; or why there is none.</returns>
    /// <exception cref="OperationCanceledException">The call was cancelled meanwhile.</exception>
    public async Task<(HostLine? Line, HostLoss? Loss)> TakeAsync(HostEndpoint endpoint, WorkerJob job)
    {
        while (TakeIdle(endpoint) is { } idle)
        {
            if (idle.IsUsable)
                return (idle, null);
            idle.Close();
        }

        var line = new HostLine(endpoint);
        var host = new WorkerHost(job.Snapshot.Host, () => line.Job);
        var opening = await HostConnection.OpenAsync(endpoint, host, new PowerShellValueAdapter(), job.Call.NodeCall.CancellationToken)
            .ConfigureAwait(false);
        if (opening.Connection is not { } connection)
            return (null, opening.Loss);
        line.Connection = connection;
        return (line, null);
    }

    /// <summary>Keeps a connection for the next call; one that is over is closed.</summary>
    public void GiveBack(HostLine line)
    {
        line.Job = null;
        if (!line.IsUsable)
        {
            line.Close();
            return;
        }

        lock (_gate)
        {
            line.IdleSince = clock.GetTimestamp();
            if (!_idle.TryGetValue(line.Endpoint, out var idle))
                _idle[line.Endpoint] = idle = new();
            idle.Push(line);
            _timer ??= clock.CreateTimer(static lines => ((HostConnections)lines!).CloseIdle(IdleLife), this, IdleLife, IdleLife / 4);
        }
    }

    /// <summary>Closes all that are idle.</summary>
    public void CloseIdle() => CloseIdle(TimeSpan.Zero);

    private void CloseIdle(TimeSpan since)
    {
        List<HostLine> closing = [];
        lock (_gate)
        {
            foreach (var (endpoint, lines) in _idle.ToList())
            {
                var old = lines.Where(line => clock.GetElapsedTime(line.IdleSince) >= since).ToList();
                closing.AddRange(old);
                // A stack lists its newest first.
                _idle[endpoint] = new(lines.Except(old).Reverse());
                if (_idle[endpoint].Count == 0)
                    _idle.Remove(endpoint);
            }

            if (_idle.Count == 0)
            {
                _timer?.Dispose();
                _timer = null;
            }
        }

        foreach (var line in closing)
            line.Close();
    }

    private HostLine? TakeIdle(HostEndpoint endpoint)
    {
        lock (_gate)
            return _idle.TryGetValue(endpoint, out var lines) && lines.TryPop(out var line) ? line : null;
    }
}
