using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class CancelTests : ModuleTest
{
    private const string Forever =
        """
        $d = New-Dag d { Add-DagNode a { [IO.File]::WriteAllText("$using:Folder/started", '');
            while ($true) { [Threading.Thread]::Sleep(10) } } }
        Invoke-Dag $d
        """;

    [Fact]
    public void A_stopped_pipeline_cancels_its_run()
    {
        Session.RunAndStop(Forever, () => File.Exists(Session.Folder.File("started")));

        Gives("cancelled", "(Get-DagRun).Status");
    }

    [Fact]
    public void A_node_that_was_in_flight_is_cancelled()
    {
        Session.RunAndStop(Forever, () => File.Exists(Session.Folder.File("started")));

        Gives("cancelled", "(Get-DagRun).Nodes[0].Status");
    }

    [Fact]
    public void A_cancelled_run_has_the_error_of_an_element_that_failed_before()
    {
        Session.RunAndStop(
            """
            $d = New-Dag d { Add-DagNode list { 1, 2 }; Add-DagNode work -After list -AllowFailure 1 -ThrottleLimit 1 -Map {
                if ($_ -eq 1) { throw 'one' }
                [IO.File]::WriteAllText("$using:Folder/started", '')
                while ($true) { [Threading.Thread]::Sleep(10) } } }
            Invoke-Dag $d
            """,
            () => File.Exists(Session.Folder.File("started")));

        Gives(
            "cancelled 1 work[0]: one (value 1)",
            "$run = Get-DagRun; \"$($run.Status) $($run.ErrorCount) $(($run.Error -split ';')[0])\"");
        Gives("True", "$run.Error -ceq $run.Nodes['work'].Error");
        Assert.Equal(
            Session.Run("$run.Error").Text, StoreReader.Query(Session.Database, "SELECT error FROM dag_runs WHERE parent_run_id IS NULL"));
        Gives("1", "@($run | Format-List | Out-String -Width 200 | Select-String 'one .value 1.' -AllMatches).Matches.Count");
    }

    [Fact]
    public void A_cancelled_run_can_be_restarted()
    {
        Session.RunAndStop(Forever, () => File.Exists(Session.Folder.File("started")));

        Gives("completed", "$d = New-Dag d { Add-DagNode a { 1 } }; (Restart-DagRun (Get-DagRun).RunId -Dag $d).Status");
    }
}
