using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class ContextTests : ModuleTest
{
    [Fact]
    public void The_context_has_the_name_of_the_DAG() => Gives(
        "d",
        """
        $d = New-Dag d {
            Add-DagNode a { $DagContext.DagName }
        }
        (Invoke-Dag $d).Outputs['a']
        """);

    [Fact]
    public void The_context_has_the_label_of_the_node() => Gives(
        "a",
        """
        $d = New-Dag d {
            Add-DagNode a { $DagContext.NodeLabel }
        }
        (Invoke-Dag $d).Outputs['a']
        """);

    [Fact]
    public void The_context_has_the_id_of_the_run() => Gives(
        "True",
        """
        $d = New-Dag d {
            Add-DagNode a { $DagContext.RunId }
        }
        $r = Invoke-Dag $d; $r.Outputs['a'] -eq $r.RunId
        """);

    [Fact]
    public void The_context_has_the_path_of_a_sub_run() => Gives(
        "d/m[0]",
        """
        $d = New-Dag d {
            Add-DagNode l { , @(1) }
            Add-DagNode m -Map { $DagContext.Path } -After l
        }
        (Invoke-Dag $d).Outputs['m'][0]
        """);

    [Fact]
    public void The_first_attempt_is_one() => Gives(
        "1",
        """
        $d = New-Dag d {
            Add-DagNode a { $DagContext.Attempt }
        }
        (Invoke-Dag $d).Outputs['a']
        """);

    [Fact]
    public void A_parameter_of_the_type_takes_the_context() => Gives(
        "a",
        """
        $d = New-Dag d {
            Add-DagNode a { param([Lythonic.Dag.DagContext]$it) $it.NodeLabel }
        }
        (Invoke-Dag $d).Outputs['a']
        """);

    [Fact]
    public void The_context_of_a_sub_DAG_has_the_name_of_the_sub_DAG_and_its_own_run() => Gives(
        "sub d/c[call] x True",
        """
        $s = New-Dag sub { Add-DagNode x { "$($DagContext.DagName) $($DagContext.Path) $($DagContext.NodeLabel)|$($DagContext.RunId)" } }
        $r = New-Dag d { Add-DagNode a { 1 }; Add-DagNode c -Call $s -After a } | Invoke-Dag
        $text, $id = $r.Outputs['c'].Split('|'); "$text $($id -eq $r.Nodes[1].ChildRuns[0].RunId)"
        """);

    [Fact]
    public void The_token_of_the_context_is_not_cancelled_while_the_run_goes_on() => Gives(
        "False", "(New-Dag d { Add-DagNode a { $DagContext.CancellationToken.IsCancellationRequested } } | Invoke-Dag).Outputs['a']");

    [Fact]
    public void A_context_parameter_takes_no_upstream() => Gives(
        "b 1",
            "(New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { param([Lythonic.Dag.DagContext]$it, $x) \"$($it.NodeLabel) $x\" } "
            + "-After a } | Invoke-Dag).Outputs['b']");

    [Fact]
    public void The_run_and_node_are_known_where_a_node_logs() => Gives(
        "True a",
            "$r = New-Dag d { Add-DagNode a { $c = [Lythonic.Dag.NodeRunContext]::Current; "
            + "\"$($c.RunId)|$($c.NodeLabel)\" } } | Invoke-Dag; $id, $label = $r.Outputs['a'].Split('|'); \"$($id -eq $r.RunId) $label\"");

    [Fact]
    public void The_attempt_counts_over_a_restart() => Gives(
        "2",
            "$r = New-Dag d { Add-DagNode a { if ($DagContext.Attempt -eq 1) { throw 'no' }; "
            + "$DagContext.Attempt } } | Invoke-Dag -ErrorAction SilentlyContinue; (Restart-DagRun $r.RunId).Outputs['a']");
}
