using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

public sealed class RunListTests : ModuleTest
{
    private const string Prepare = """
        $dag = New-Dag d { Add-DagNode a { [CmdletBinding()] param() $PSCmdlet.WriteWarning('careful'); 1, 2 }; Add-DagNode m -Map { $_ } -After a }
        $run = $dag | Invoke-Dag -Tag x, y -WarningAction SilentlyContinue
        $loose = $dag | Invoke-Dag -NoProvenance -WarningAction SilentlyContinue
        """;

    [Theory]
    [InlineData("$run.Nodes[1].Label", "m")]
    [InlineData("$run.Nodes[-1].ChildRuns[1].DagName", "d/m[1]")]
    [InlineData("$run.Nodes[0].Messages[0].Text", "careful")]
    [InlineData("$run.Tag[1]", "y")]
    [InlineData("$loose.Nodes[1].Label", "m")]
    public void What_a_run_lists_can_be_indexed(string script, string expected) => Gives(expected, $"{Prepare}; {script}");
}
