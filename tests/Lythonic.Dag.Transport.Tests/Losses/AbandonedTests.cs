using System.Diagnostics;
using System.Globalization;
using Lythonic.Dag.Transport.Tests.Harness;

namespace Lythonic.Dag.Transport.Tests.Losses;

/// <summary>What is left on a host when its connection has gone.</summary>
public sealed class AbandonedTests
{
    [SshFact]
    public async Task Code_that_does_not_stop_ends_after_its_connection()
    {
        using var servers = new Sshd();
        using var stop = new CancellationTokenSource();
        await using var connection = await Hosted.ConnectAsync(HostEndpoint.To(servers.Host()));
        var (call, begun) = Hosted.Saying("[Threading.Thread]::Sleep(-1)");
        var running = connection.InvokeAsync(call, stop.Token);
        var server = await begun.WaitAsync(Hosted.Hang);

        await stop.CancelAsync();
        var result = await running.WaitAsync(Hosted.Hang);

        Assert.Equal((RemoteOutcomeKind.Stopped, true), (result.Kind, result.IsAbandoned));
        await EndedAsync(server);
    }

    [PwshFact]
    public async Task A_tree_of_processes_is_killed_whole()
    {
        // The shell below is a child of the first one, and its child is the sleep, whose id it writes.
        using var root = Process.Start(new ProcessStartInfo("sh", ["-c", "sh -c 'sleep 1000 & echo $!; wait' & wait"])
        {
            RedirectStandardOutput = true,
        })!;
        var leaf = int.Parse((await root.StandardOutput.ReadLineAsync().WaitAsync(Hosted.Hang))!, CultureInfo.InvariantCulture);
        var middle = Signals.ParentOf(leaf);
        Assert.Equal(root.Id, Signals.ParentOf(middle));

        ProcessTree.Kill(root);

        await root.WaitForExitAsync().WaitAsync(Hosted.Hang);
        await EndedAsync(middle);
        await EndedAsync(leaf);
    }

    // A process that nobody has asked for its exit code has ended too.
    private static async Task EndedAsync(int id)
    {
        using var limit = new CancellationTokenSource(Hosted.Hang);
        while (Signals.IsAlive(id))
            await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
    }
}
