using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>A database that is removed while a run is kept in it, which Windows does not allow.</summary>
public sealed class LostDatabaseTests : ModuleTest
{
    private const string Removes =
        "New-Dag d { Add-DagNode a { foreach ($end in '', '-wal', '-shm') { [IO.File]::Delete($using:Database + $end) }; 7 } }";

    [UnixFact("an open file cannot be removed on Windows")]
    public void It_is_an_error_beside_the_run()
    {
        var result = Session.Run($"{Removes} | Invoke-Dag | ForEach-Object {{ $_.Outputs['a'] }}");

        Assert.Equal("7", result.Text);
        Assert.StartsWith("DagDatabaseInvalid", Assert.Single(result.AllErrors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [UnixFact("an open file cannot be removed on Windows")]
    public void It_is_an_error_of_a_job_beside_its_run()
    {
        Gives("7 1 DagDatabaseInvalid",
            $"$j = {Removes} | Invoke-Dag -AsJob; $null = $j | Wait-Job; \"$($j.Output[0].Outputs['a']) $($j.Error.Count) "
            + $"$(\"$($j.Error[0].FullyQualifiedErrorId)\".Split(',')[0])\"");
    }

    [Fact]
    public void A_run_that_another_process_removed_right_after_its_end_is_no_error()
    {
        const string Dag = "New-Dag d { Add-DagNode a { 7 } } -KeepLast 1 | Invoke-Dag";
        Session.Run(Dag).Sound();
        // What the other process does, at the only time at which it may: the run has ended and was not read yet.
        StoreReader.Execute(Session.Database, """
            CREATE TRIGGER other AFTER UPDATE ON run WHEN new.finished_at IS NOT NULL BEGIN DELETE FROM run WHERE id = new.id; END
            """);

        Gives("completed 7 1", $"{Dag} | ForEach-Object {{ \"$($_.Status) $($_.Outputs['a']) $(@(Get-DagRun).Count)\" }}");
    }

    [Fact]
    public void A_run_that_somebody_restarts_right_after_its_end_is_written_as_it_ended()
    {
        Session.Run("New-Dag d { Add-DagNode a { 7 } } | Invoke-Dag").Sound();
        // What the other process does, at the only time at which it may: the run has ended and was not read yet.
        StoreReader.Execute(Session.Database, """
            CREATE TRIGGER other AFTER UPDATE ON run WHEN new.status = 'failed' BEGIN
                UPDATE run SET status = 'running', finished_at = NULL, failed_node = NULL, error = NULL WHERE id = new.id; END
            """);

        Gives(
            "failed b bad True",
            "$run = New-Dag d { Add-DagNode b { Start-Sleep -Milliseconds 20; throw 'bad' } } | Invoke-Dag -ErrorAction SilentlyContinue;"
            + "\"$($run.Status) $($run.FailedNode) $($run.Error) $($null -ne $run.FinishedAt)\"");
    }

    [UnixFact("an open file cannot be removed on Windows")]
    public void A_run_after_the_database_was_removed_is_kept_in_a_new_one() => Gives(
        "True 1 completed",
        """
        $dag = New-Dag d { Add-DagNode a { 1 } }
        $before = Invoke-Dag $dag
        foreach ($end in '', '-wal', '-shm') { [IO.File]::Delete($Database + $end) }
        $run = Invoke-Dag $dag
        "$($null -eq (Get-DagRun $before.RunId -ErrorAction Ignore)) $(@(Get-DagRun).Count) $($run.Nodes['a'].Status)"
        """);
}
