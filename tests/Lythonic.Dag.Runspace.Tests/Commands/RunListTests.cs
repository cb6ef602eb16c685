using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

public sealed class RunListTests : ModuleTest
{
    private const string Prepare = """
        $dag = New-Dag d { Add-DagNode a { [CmdletBinding()] param() $PSCmdlet.WriteWarning('careful'); 1, 2 };
            Add-DagNode m -Map { $_ } -After a }
        $run = $dag | Invoke-Dag -Tag x, y -WarningAction SilentlyContinue
        $loose = $dag | Invoke-Dag -NoProvenance -WarningAction SilentlyContinue
        """;

    [Theory]
    [InlineData("$run.Nodes[1].Label", "m")]
    [InlineData("$run.Nodes[-1].ChildRuns[1].DagName", "d/m[1]")]
    [InlineData("$run.Nodes[0].Messages[0].Text", "careful")]
    [InlineData("$run.Tag[1]", "y")]
    [InlineData("$loose.Nodes[1].Label", "m")]
    [InlineData("$run.Nodes['M'].ChildRuns['1'].DagName", "d/m[1]")]
    [InlineData("$dag.Nodes['M'].Label", "m")]
    [InlineData("$loose.Nodes['a'].Label", "a")]
    [InlineData("(Get-DagRun $run).Nodes['m'].Label", "m")]
    [InlineData("$run.Nodes['a', 'm'].Label -join ','", "a,m")]
    [InlineData("Set-StrictMode -Version Latest; $null -eq $run.Nodes['nosuch']", "True")]
    [InlineData("$run.Nodes.Label -join ','", "a,m")]
    [InlineData("$run.Nodes.Count", "2")]
    [InlineData("@($run.Nodes | ForEach-Object Label) -join ','", "a,m")]
    public void What_a_run_lists_can_be_indexed(string script, string expected) => Gives(expected, $"{Prepare}; {script}");

    [Fact]
    public void Sub_runs_are_found_by_the_key_of_their_element_the_exact_one_first() => Gives(
        "2 1 2",
        "$r = New-Dag d { Add-DagNode a { $t = [Collections.Specialized.OrderedDictionary]::new(); $t['North'] = 1; $t['north'] = 2; "
        + "$t['south'] = 3; $t }; Add-DagNode m -Map { $_ } -After a } | Invoke-Dag; "
        + "$c = $r.Nodes['m'].ChildRuns; \"$($c['north'].Outputs['m']) $($c['North'].Outputs['m']) $($c[1].Outputs['m'])\"");
}
