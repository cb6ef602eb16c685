using Lythonic.Dag.Transport.Tests.Harness;

namespace Lythonic.Dag.Transport.Tests.Losses;

/// <summary>Steps of a cluster as hosts.</summary>
public sealed class SlurmTests
{
    [SlurmFact]
    public async Task A_step_of_a_cluster_is_a_host_and_its_cancellation_is_told_in_the_words_of_the_cluster()
    {
        using var slurm = new Slurm();
        await using var connection = await Hosted.ConnectAsync(slurm.Host());
        var job = await connection.OutputAsync(Hosted.Call("[int]$env:SLURM_JOB_ID"));
        var (call, begun) = Hosted.Saying("[Threading.Thread]::Sleep(-1)");
        var running = connection.InvokeAsync(call, CancellationToken.None);
        await begun.WaitAsync(Hosted.Hang);

        slurm.Run("scancel", $"{job}");
        var result = await running.WaitAsync(Hosted.Hang);

        Assert.Equal(RemoteOutcomeKind.Unreachable, result.Kind);
        Assert.Contains("CANCELLED", result.Loss!.Words, StringComparison.Ordinal);
    }
}
