using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class InlineTests : ModuleTest
{
    [Fact]
    public void An_inline_node_sees_the_variables_of_its_caller() => Gives(
        "5",
        """
        $n = 5
        $d = New-Dag d {
            Add-DagNode a { $n } -Inline
        }
        (Invoke-Dag $d).Outputs['a']
        """);

    [Fact]
    public void An_inline_node_sees_the_functions_of_its_caller() => Gives(
        "here",
        """
        function Get-Here { 'here' }
        $d = New-Dag d {
            Add-DagNode a { Get-Here } -Inline
        }
        (Invoke-Dag $d).Outputs['a']
        """);

    [Fact]
    public void An_inline_node_runs_on_the_thread_of_its_caller() => Gives(
        "True",
        """
        $d = New-Dag d {
            Add-DagNode a { [Environment]::CurrentManagedThreadId } -Inline
        }
        (Invoke-Dag $d).Outputs['a'] -eq [Environment]::CurrentManagedThreadId
        """);

    [Fact]
    public void A_node_that_is_not_inline_runs_on_another_thread() => Gives(
        "False",
        """
        $d = New-Dag d {
            Add-DagNode a { [Environment]::CurrentManagedThreadId }
        }
        (Invoke-Dag $d).Outputs['a'] -eq [Environment]::CurrentManagedThreadId
        """);

    [Fact]
    public void Inline_of_the_run_makes_every_node_inline() => Gives(
        "True",
        """
        $d = New-Dag d {
            Add-DagNode a { [Environment]::CurrentManagedThreadId }
        }
        (Invoke-Dag $d -Inline).Outputs['a'] -eq [Environment]::CurrentManagedThreadId
        """);

    [Fact]
    public void An_inline_method_runs_on_the_thread_of_its_caller() => Gives(
        "True",
        """
        $d = New-Dag d {
            Add-DagNode a -Method 'System.Environment::get_CurrentManagedThreadId' -Inline
        }
        (Invoke-Dag $d).Outputs['a'] -eq [Environment]::CurrentManagedThreadId
        """);

    [Fact]
    public void A_failed_inline_node_fails_the_run() => FailsWith(
        "DagNodeFailed",
        """
        $d = New-Dag d {
            Add-DagNode a { throw 'no' } -Inline
        }
        Invoke-Dag $d
        """, "no");

    [Fact]
    public void An_inline_node_beside_nodes_in_workers_runs() => Gives(
        "3",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode b { param($a) $a + 1 } -After a -Inline
            Add-DagNode c { param($b) $b + 1 } -After b
        }
        (Invoke-Dag $d).Outputs['c']
        """);

    [Fact]
    public void An_inline_node_may_change_what_its_caller_holds() => Gives(
        "2",
            "$list = [Collections.ArrayList]@(1); $null = New-Dag d { Add-DagNode a { $null = $list.Add(2) } -Inline } | Invoke-Dag; "
            + "$list.Count");

    [Fact]
    public void A_function_of_the_caller_stands_before_a_command_of_the_same_name() => Gives(
        "mocked", "function Get-Command { 'mocked' }; (New-Dag d { Add-DagNode a { Get-Command } -Inline } | Invoke-Dag).Outputs['a']");

    [Fact]
    public void Elements_of_an_inline_map_run_on_the_thread_of_its_caller() => Gives(
        "True",
            "$here = [Environment]::CurrentManagedThreadId; @((New-Dag d { Add-DagNode a { 1, 2 }; "
            + "Add-DagNode m -Map { [Environment]::CurrentManagedThreadId } -Inline -After a } | Invoke-Dag).Outputs['m'] | "
            + "Where-Object { $_ -ne $here }).Count -eq 0");
}
