namespace Lythonic.Dag.Transport.Tests.Harness;

/// <summary>A connection to a process of PowerShell, for all tests of a class.</summary>
public sealed class SharedProcess : IAsyncLifetime
{
    private HostConnection? _connection;

    public HostConnection Connection => _connection!;

    public async Task InitializeAsync() => _connection = Pwsh.Missing is null ? await Hosted.ConnectAsync(Hosted.Process) : null;

    public async Task DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
    }
}
