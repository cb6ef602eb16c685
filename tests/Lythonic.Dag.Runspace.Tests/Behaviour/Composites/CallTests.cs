using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class CallTests : ModuleTest
{
    [Fact]
    public void A_call_runs_its_DAG_once() => Gives(
        "11",
        """
        $s = New-Dag s { Add-DagNode x { param($n) $n * 10 }; Add-DagNode y { param($n) $n + 1 } -After x }
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode c -Call $s -After a
        }
        (Invoke-Dag $d).Outputs['c']
        """);

    [Fact]
    public void A_call_is_handed_a_list_as_one_value() => Gives(
        "3",
        """
        $s = New-Dag s { Add-DagNode x { $_.Count } }
        $d = New-Dag d {
            Add-DagNode a { 1, 2, 3 }
            Add-DagNode c -Call $s -After a
        }
        (Invoke-Dag $d).Outputs['c']
        """);

    [Theory]
    [InlineData("-Call $s")]
    [InlineData("-Map $s")]
    [InlineData("-Switch @{ default = $s } -By { 'x' }")]
    public void A_sub_DAG_has_its_own_variables_and_they_count_more_than_those_around_it(string composite) => Gives(
        "in out mid|out out out|",
        $$"""
        function Get-Outer { 'no' }
        $i = New-Dag i -Variable @{ a = 'in' } { Add-DagNode x { "$a $b $c" } }
        $s = New-Dag s -Variable @{ a = 'mid'; c = 'mid' } { Add-DagNode x -If { $c -eq 'mid' } { $_ }; Add-DagNode y -Call $i -After x }
        $d = New-Dag d -Variable @{ a = 'out'; b = 'out'; c = 'out' } {
            Add-DagNode n { 1 }
            Add-DagNode deep {{composite}} -After n
            Add-DagNode flat { "$a $b $c" }
        }
        $o = (Invoke-Dag $d).Outputs
        "$($o['deep'])|$($o['flat'])|$(Test-Dag $d)"
        """);

    [Fact]
    public void A_variable_of_a_sub_DAG_that_PowerShell_sets_itself_is_never_seen() => Gives(
        "completed z",
        """
        $reserved = @{ v = 'z' }
        $names = '_', 'args', 'input', 'this', 'null', 'true', 'PSScriptRoot', 'MyInvocation', 'PSBoundParameters', 'a:b', 'DagContext'
        foreach ($name in $names) { $reserved[$name] = 'never' }
        $s = New-Dag s -Variable $reserved { Add-DagNode x { "$v$($DagContext.GetType())".Replace('Lythonic.Dag.DagContext', '') } }
        $run = New-Dag d { Add-DagNode n { 1 }; Add-DagNode c -Call $s -After n } | Invoke-Dag
        "$($run.Status) $($run.Outputs['c'])"
        """);

    [Fact]
    public void A_sub_DAG_has_the_functions_and_modules_that_it_names() => Gives(
        "named True",
        """
        function Get-Named { 'named' }
        $module = "$Folder/OfSubDag.psm1"
        [IO.File]::WriteAllText($module, 'function Get-OfModule { $true }')
        $s = New-Dag s -Function Get-Named -Module $module { Add-DagNode x { "$(& ('Get-' + 'Named')) $(& ('Get-' + 'OfModule'))" } }
        (New-Dag d { Add-DagNode n { 1 }; Add-DagNode c -Call $s -After n } | Invoke-Dag).Outputs['c']
        """);

    [Fact]
    public void The_sub_run_of_a_call_has_the_key_call() => Gives(
        "d/c[call]",
        """
        $s = New-Dag s { Add-DagNode x { $_ } }
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode c -Call $s -After a
        }
        $null = Invoke-Dag $d; (Get-DagRun -IncludeChild | Where-Object ParentRunId).DagName
        """);

    [Fact]
    public void The_node_run_has_its_sub_run() => Gives(
        "1",
        """
        $s = New-Dag s { Add-DagNode x { $_ } }
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode c -Call $s -After a
        }
        ((Invoke-Dag $d).Nodes | Where-Object Label -eq c).ChildRuns.Count
        """);

    [Fact]
    public void A_call_inside_a_call_runs_at_a_throttle_limit_of_one() => Gives(
        "4",
        """
        $i = New-Dag i { Add-DagNode x { $_ + 1 } }
        $s = New-Dag s { Add-DagNode x { $_ + 1 }; Add-DagNode y -Call $i -After x }
        $d = New-Dag d {
            Add-DagNode a { 2 }
            Add-DagNode c -Call $s -After a
        }
        (Invoke-Dag $d -ThrottleLimit 1).Outputs['c']
        """);

    [Fact]
    public void A_failure_inside_a_call_fails_the_run() => FailsWith(
        "DagNodeFailed",
        """
        $s = New-Dag s { Add-DagNode x { throw 'inner' } }
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode c -Call $s -After a
        }
        Invoke-Dag $d
        """, "inner");

    [Fact]
    public void A_pause_inside_a_call_pauses_the_whole_run() => Gives(
        "paused",
        """
        $s = New-Dag s { Add-DagNode x { $DagContext.Pause('wait') } }
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode c -Call $s -After a
        }
        (Invoke-Dag $d).Status
        """);

    [Fact]
    public void A_restart_goes_on_inside_the_call() => Gives(
        "y",
        """
        $s = New-Dag s { Add-DagNode x { [Tests.Ran]::Node($using:Folder, 'x'); 1 };
            Add-DagNode y { param($x) if (-not [IO.File]::Exists("$using:Folder/go")) { $DagContext.Pause('wait') };
            [Tests.Ran]::Node($using:Folder, 'y'); $x } -After x }
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode c -Call $s -After a
        }
        $r = Invoke-Dag $d; [Tests.Ran]::Clear($Folder); [IO.File]::WriteAllText("$Folder/go", '')
        $null = Restart-DagRun $r.RunId -Dag $d; [Tests.Ran]::Sorted($Folder)
        """);
}
