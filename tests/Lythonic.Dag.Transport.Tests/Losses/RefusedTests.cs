using System.Net;
using System.Net.Sockets;
using Lythonic.Dag.Transport.Tests.Harness;

namespace Lythonic.Dag.Transport.Tests.Losses;

/// <summary>Hosts that cannot be connected to, and what is said of them.</summary>
public sealed class RefusedTests
{
    [SshFact]
    public async Task A_refused_port_is_told_in_the_words_of_ssh()
    {
        using var servers = new Sshd();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        Refused(await LossOf(servers.Host() with { Port = port }), $"connect to host 127.0.0.1 port {port}: Connection refused",
            $":{port}");
    }

    [SshFact]
    public async Task A_wrong_key_is_told_in_the_words_of_ssh()
    {
        using var servers = new Sshd();

        Refused(await LossOf(servers.Host() with { KeyFilePath = servers.PathOf("other_key") }), "Permission denied (publickey)");
    }

    [SshFact]
    public async Task An_unknown_host_key_is_told_in_the_words_of_ssh()
    {
        using var servers = new Sshd();
        var host = servers.Host();
        var options = new Dictionary<string, string>(host.Options) { ["UserKnownHostsFile"] = "/dev/null" };

        Refused(await LossOf(host with { Options = options }), "Host key verification failed");
    }

    [SshFact]
    public async Task A_missing_subsystem_is_told_in_the_words_of_ssh()
    {
        using var servers = new Sshd();

        Refused(await LossOf(servers.Host() with { Subsystem = "nothing" }), "subsystem request failed");
    }

    [SshFact]
    public async Task A_subsystem_that_is_no_PowerShell_is_unreachable_and_what_it_says_is_told()
    {
        using var servers = new Sshd(1, "/bin/echo", "hello");

        var loss = await LossOf(servers.Host());

        Assert.Equal(("hello", 0), (loss.Words, loss.ExitCode));
    }

    [SshFact]
    public async Task A_greeting_before_the_protocol_breaks_nothing()
    {
        var greeting = HostEndpoint.To(
            new HostCommand(["/bin/sh", "-c", "echo welcome; exec \"$@\"", "sh", .. Pwsh.Words, "-s", "-NoLogo",
                "-NoProfile"])) with { ConnectTimeout = Hosted.Hang };

        await using var connection = await Hosted.ConnectAsync(greeting);

        Assert.Equal(1, await connection.OutputAsync(Hosted.Call("1")));
    }

    [SshTheory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(1_000)]
    [InlineData(6_001)]
    public async Task A_program_that_is_cut_off_at_any_byte_is_lost(int bytes)
    {
        string[] words = ["/bin/sh", "-c", $"\"$@\" | {{ dd bs=1 count={bytes} 2>/dev/null; kill -9 $$; }}", "sh", .. Pwsh.Words, "-s",
            "-NoLogo", "-NoProfile"];
        var opening = await Hosted.OpenAsync(HostEndpoint.To(new HostCommand(words)) with { ConnectTimeout = Hosted.Hang })
            .WaitAsync(Hosted.Hang);

        var loss = opening.Loss;
        if (opening.Connection is { } connection)
        {
            await using (connection)
                loss = (await connection.InvokeAsync(Hosted.Call("'x' * 100000"), CancellationToken.None).WaitAsync(Hosted.Hang)).Loss;
        }

        Assert.NotNull(loss);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_unreachable_and_named()
    {
        var opening = await Hosted.OpenAsync(HostEndpoint.To(new HostCommand(["no-such-program-anywhere"])));

        Assert.Contains("no-such-program-anywhere", opening.Loss!.Reason, StringComparison.Ordinal);
    }

    [SshFact]
    public async Task A_program_that_ends_at_once_is_unreachable_with_its_words_and_exit_code()
    {
        var opening = await Hosted.OpenAsync(HostEndpoint.To(new HostCommand(["/bin/sh", "-c", "echo because >&2; exit 7"])));

        Assert.Equal(("because", 7), (opening.Loss!.Words, opening.Loss.ExitCode));
    }

    [SshFact]
    public async Task A_host_that_never_answers_is_given_up_at_its_limit()
    {
        var opening = await Hosted.OpenAsync(
            HostEndpoint.To(new HostCommand(["/bin/sh", "-c", "echo waiting >&2; exec sleep 1000"])) with { ConnectTimeout =
                TimeSpan.FromSeconds(1) });

        Assert.Contains("did not answer within 1 s", opening.Loss!.Reason, StringComparison.Ordinal);
        Assert.Equal("waiting", opening.Loss.Words);
    }

    [SshFact]
    public async Task Opening_can_be_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var opening = Hosted.OpenAsync(
            HostEndpoint.To(new HostCommand(["/bin/sh", "-c", "exec sleep 1000"])), cancellationToken: stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening.WaitAsync(Hosted.Hang));
    }

    [SshFact]
    public async Task Of_much_that_a_program_says_the_end_is_kept()
    {
        var opening = await Hosted.OpenAsync(
            HostEndpoint.To(new HostCommand(
                ["/bin/sh", "-c", "i=0; while [ $i -lt 5000 ]; do echo line $i >&2; i=$((i+1)); done; exit 1"])));

        Assert.EndsWith("line 4999", opening.Loss!.Words, StringComparison.Ordinal);
        Assert.InRange(opening.Loss.Words.Length, 1_000, 8_200);
    }

    private static async Task<HostLoss> LossOf(SshHost host)
    {
        var opening = await Hosted.OpenAsync(HostEndpoint.To(host));
        Assert.Null(opening.Connection);
        return opening.Loss!;
    }

    private static void Refused(HostLoss loss, string words, string name = "127.0.0.1")
    {
        Assert.Contains(words, loss.Words, StringComparison.Ordinal);
        Assert.Contains(name, loss.Host, StringComparison.Ordinal);
        Assert.Equal(255, loss.ExitCode);
    }
}
