using System.Diagnostics;
using Lythonic.Dag.Transport.Tests.Harness;

namespace Lythonic.Dag.Transport.Tests.Losses;

/// <summary>Hosts that say nothing any more.</summary>
public sealed class FrozenTests
{
    [SshFact]
    public async Task A_frozen_server_is_noticed_by_the_keep_alive()
    {
        using var servers = new Sshd();
        var endpoint = HostEndpoint.To(servers.Host() with { KeepAlive = TimeSpan.FromSeconds(1) });
        var (opening, running, begun) = await BeginAsync(endpoint);
        // On a busy machine, it may be given up before it is frozen: another trial is made then.
        for (var trial = 1; trial < 10 && !begun.IsCompleted; trial++)
        {
            await (opening.Connection?.DisposeAsync() ?? default);
            (opening, running, begun) = await BeginAsync(endpoint);
        }

        await using var connection = opening.Connection!;
        var server = Signals.ParentOf(await begun.WaitAsync(Hosted.Hang));

        Signals.Send("STOP", server);
        try
        {
            var result = await running.WaitAsync(Hosted.Hang);

            Assert.Equal(RemoteOutcomeKind.Unreachable, result.Kind);
            Assert.Contains("Timeout, server 127.0.0.1 not responding", result.Loss!.Words, StringComparison.Ordinal);
            Assert.Equal(255, result.Loss.ExitCode);
        }
        finally
        {
            Signals.Send("CONT", server);
        }
    }

    private static async Task<(HostOpening Opening, Task<RemoteResult> Running, Task<int> Begun)> BeginAsync(HostEndpoint endpoint)
    {
        var (call, begun) = Hosted.Saying("[Threading.Thread]::Sleep(-1)");
        var opening = await Hosted.OpenAsync(endpoint);
        var running = opening.Connection?.InvokeAsync(call, CancellationToken.None)
            ?? Task.FromResult(new RemoteResult(RemoteOutcomeKind.Unreachable));
        await Task.WhenAny(begun, running).WaitAsync(Hosted.Hang);
        return (opening, running, begun);
    }

    [PwshFact]
    public async Task A_frozen_process_is_given_up_when_its_call_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        await using var connection = await Hosted.ConnectAsync(Hosted.Process);
        var (call, begun) = Hosted.Saying("[Threading.Thread]::Sleep(-1)");
        var running = connection.InvokeAsync(call, stop.Token);
        var remote = await begun.WaitAsync(Hosted.Hang);

        Signals.Send("STOP", remote);
        await stop.CancelAsync();
        var result = await running.WaitAsync(Hosted.Hang);

        Assert.Equal((RemoteOutcomeKind.Stopped, true), (result.Kind, result.IsAbandoned));
        using var process = Process.GetProcesses().FirstOrDefault(other => other.Id == remote);
        Assert.True(process is null || process.WaitForExit(Hosted.Hang));
    }

    [PwshFact]
    public async Task A_frozen_process_is_closed_without_waiting_for_it()
    {
        var connection = await Hosted.ConnectAsync(Hosted.Process);
        Signals.Send("STOP", connection.ProcessId);

        await connection.DisposeAsync().AsTask().WaitAsync(Hosted.Hang);

        Assert.NotNull(await connection.Lost.WaitAsync(Hosted.Hang));
    }

    [PwshFact]
    public async Task A_process_that_does_not_read_holds_up_no_sender()
    {
        using var stop = new CancellationTokenSource();
        await using var connection = await Hosted.ConnectAsync(Hosted.Process);
        Signals.Send("STOP", connection.ProcessId);

        var running = connection.InvokeAsync(Hosted.Call("param($v) $v.Length", ("v", new string('x', 4_000_000))), stop.Token);
        await stop.CancelAsync();

        Assert.Equal(RemoteOutcomeKind.Stopped, (await running.WaitAsync(Hosted.Hang)).Kind);
    }
}
