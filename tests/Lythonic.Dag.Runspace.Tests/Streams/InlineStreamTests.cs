using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>What inline nodes write belongs to Invoke-Dag, as what nodes in workers write.</summary>
public sealed class InlineStreamTests : ModuleTest
{
    private const string Chatty =
        "$d = New-Dag d { Add-DagNode a { [CmdletBinding()] param() "
        + "$PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([Exception]::new('e'), 'Soft', 'NotSpecified', $null)); "
        + "$PSCmdlet.WriteWarning('w'); 'out' } };";

    [Fact]
    public void Streams_can_be_redirected() => Gives(
        "ErrorRecord WarningRecord DagRun",
            Chatty + " @(Invoke-Dag $d -Inline 2>&1 3>&1 | ForEach-Object { $_.GetType().Name }) -join ' '");

    [Fact]
    public void Streams_are_collected_and_kept() => Gives(
        "1 1 2 out",
        Chatty +
            " $run = Invoke-Dag $d -Inline -ErrorVariable e -WarningVariable w -ErrorAction SilentlyContinue -WarningAction "
            + "SilentlyContinue; \"$($e.Count) $($w.Count) $($run.Nodes[0].Messages.Count) $($run.Outputs['a'])\"");

    [Theory]
    [InlineData(
        "& { [CmdletBinding()] param() $PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new([Exception]::new('e'), 'Soft', "
        + "'NotSpecified', $null)) } 2>&1; 5", "ErrorRecord Int32 0")]
    [InlineData("& { [CmdletBinding()] param() $PSCmdlet.WriteWarning('w') } 3>&1; 5", "WarningRecord Int32 0")]
    [InlineData("try { throw 'zz' } catch { $_ }", "ErrorRecord 0")]
    [InlineData("try { throw 'zz' } catch { @{ error = $_ } }", "Hashtable 0")]
    [InlineData(
        "& { [CmdletBinding()] param() $PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new([Exception]::new('e'), 'Soft', "
        + "'NotSpecified', $null)) }; 5", "Int32 1")]
    public void A_record_that_the_node_makes_output_is_output(string node, string expected)
    {
        foreach (var inline in (string[])["-Inline", ""])
            Gives(expected,
                $"$r = New-Dag d {{ Add-DagNode a {{ {node} }} {inline} }} | Invoke-Dag -NoProvenance -ErrorAction SilentlyContinue "
                + $"-ErrorVariable ev; \"$(@($r.Outputs['a'] | ForEach-Object {{ $_.GetType().Name }}) -join ' ') $($ev.Count)\"");
    }

    [Fact]
    public void A_variable_that_the_dag_names_is_there() =>
        Gives("4", "(New-Dag d -Variable @{ four = 4 } { Add-DagNode a { $four } } | Invoke-Dag -Inline).Outputs['a']");

    [Fact]
    public void A_variable_that_the_dag_names_does_not_stay() =>
        Gives("True", "$null = New-Dag d -Variable @{ four = 4 } { Add-DagNode a { $four } } | Invoke-Dag -Inline; $null -eq $four");

    [Fact]
    public void An_inline_node_that_exits_fails() =>
        FailsWith("DagNodeFailed", "New-Dag d { Add-DagNode a { exit 3 } } | Invoke-Dag -Inline", "exit");

    [Theory]
    [InlineData("")]
    [InlineData("-Inline")]
    public void A_process_block_and_an_empty_param_take_the_value(string inline) => Gives(
        "[5] 10",
        $"$o = (New-Dag d {{ Add-DagNode s {{ 5 }}; Add-DagNode a -After s {{ process {{ \"[$_]\" }} }}; "
        + $"Add-DagNode b -After s {{ [OutputType([int])] param() $_ * 2 }} }} | Invoke-Dag {inline}).Outputs; \"$($o['a']) $($o['b'])\"");
}
