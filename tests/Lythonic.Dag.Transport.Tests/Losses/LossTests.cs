using System.Globalization;
using Lythonic.Dag.Transport.Tests.Harness;

namespace Lythonic.Dag.Transport.Tests.Losses;

/// <summary>Hosts that are lost under a call, in a caller of its own whose exit code is looked at.</summary>
public sealed class LossTests
{
    [PwshTheory]
    [InlineData("process", "remote")]
    public Task A_process_that_is_killed_under_a_call_is_unreachable_at_once_and_the_caller_lives(string kind, string victim) =>
        LosesAsync(kind, victim, null);

    [SshTheory]
    [InlineData("remote")]
    [InlineData("server")]
    [InlineData("client")]
    public async Task A_host_over_ssh_whose_part_is_killed_under_a_call_is_unreachable_at_once_and_the_caller_lives(string victim)
    {
        using var servers = new Sshd();
        await LosesAsync("ssh", victim, servers);
    }

    private static async Task LosesAsync(string kind, string victim, Sshd? servers)
    {
        var (exitCode, output) = await Pwsh.RunAsync(
            "Lose.ps1", kind, victim, servers?.PathOf("") ?? "none", (servers?.Ports[0] ?? 0).ToString(CultureInfo.InvariantCulture));

        Assert.True(exitCode == 0, output);
        // Five rounds of each, through nodes, are in the Pester suite.
        Assert.Equal(2, output.Split('\n').Count(line => line.StartsWith("Unreachable", StringComparison.Ordinal)));
        Assert.Contains("The caller lives.", output, StringComparison.Ordinal);
    }
}
