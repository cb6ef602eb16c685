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
}
