using System.Diagnostics;
using System.Globalization;
using Lythonic.Dag.Transport.Tests.Harness;

namespace Lythonic.Dag.Transport.Tests.Losses;

/// <summary>What a caller does that loses a host. Public for the scripts of this project.</summary>
public static class LossRounds
{
    /// <summary>Connects, calls, kills a part of the connection, and says how the call ended.</summary>
    /// <param name="kind">How the host is reached: <c>process</c> or <c>ssh</c>.</param>
    /// <param name="victim">What is killed: the <c>remote</c> PowerShell, its <c>server</c>, or the <c>client</c> program.</param>
    /// <param name="folder">The folder of the servers.</param>
    /// <param name="port">The port of the server.</param>
    public static async Task<string> RunAsync(string kind, string victim, string folder, int port)
    {
        var endpoint = kind == "ssh" ? HostEndpoint.Of(Sshd.HostOf(folder, port)) : Hosted.Process;
        await using var connection = await Hosted.ConnectAsync(endpoint);
        var (call, begun) = Hosted.Saying("while ($true) { Write-Progress 'busy' }");
        var running = connection.InvokeAsync(call, CancellationToken.None);
        var remote = await begun.WaitAsync(Hosted.Hang);
        var clock = Stopwatch.StartNew();

        Kill(victim switch { "remote" => remote, "server" => ParentOf(remote), _ => connection.ProcessId });
        var result = await running.WaitAsync(Hosted.Hang);

        if (result.Loss?.Host != endpoint.Name)
            throw new InvalidOperationException($"The loss does not name the host: {result.Kind} {result.Loss} {result.Error}");
        return $"{result.Kind} after {clock.ElapsedMilliseconds} ms: {result.Loss}";
    }

    /// <summary>The process that started another.</summary>
    internal static int ParentOf(int id) =>
        int.Parse(File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1].Split(' ')[1], CultureInfo.InvariantCulture);

    /// <summary>Sends a signal.</summary>
    internal static void Signal(string name, int id)
    {
        using var kill = Process.Start("kill", [$"-{name}", id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static void Kill(int id) => Signal("KILL", id);
}
