using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

public sealed class AddDagNodeTests : ModuleTest
{
    [Fact]
    public void Nothing_is_written_without_PassThru() => Gives(
        "0",
        "$d = New-Dag d; @($d | Add-DagNode a { 1 }).Count");

    [Fact]
    public void PassThru_writes_the_DAG_so_that_calls_chain() => Gives(
        "2",
        "(New-Dag d | Add-DagNode a { 1 } -PassThru | Add-DagNode b { 2 } -PassThru).Nodes.Count");

    [Fact]
    public void Label_is_another_name_of_Name() => Gives(
        "a",
        "$d = New-Dag d; $d | Add-DagNode -Label a { 1 }; $d.Nodes[0].Label");

    [Fact]
    public void A_label_that_is_taken_is_an_error() => FailsWith(
        "DagNodeDuplicate",
        "$d = New-Dag d; $d | Add-DagNode a { 1 }; $d | Add-DagNode a { 2 }", "a");

    [Fact]
    public void Labels_compare_without_case() => FailsWith(
        "DagNodeDuplicate",
        "$d = New-Dag d; $d | Add-DagNode fetch { 1 }; $d | Add-DagNode FETCH { 2 }");

    [Fact]
    public void After_a_label_that_is_not_there_is_an_error_that_names_it() => FailsWith(
        "DagNodeNotFound",
        "New-Dag d { Add-DagNode a { 1 } -After nowhere }", "nowhere");

    [Fact]
    public void After_makes_an_edge_from_each_label() => Gives(
        "3",
        """
        (Invoke-Dag (New-Dag d { Add-DagNode a { 1 } -OutputType int; Add-DagNode b { 2 } -OutputType int;
            Add-DagNode c { param([int[]]$n) $n[0] + $n[1] } -After a, b })).Outputs['c']
        """);

    [Fact]
    public void A_constant_from_Parameter_fills_a_parameter() => Gives(
        "6",
        "(Invoke-Dag (New-Dag d { Add-DagNode a { param($x, $y) $x * $y } -Parameter @{ x = 2; y = 3 } })).Outputs['a']");

    [Fact]
    public void The_output_type_of_the_attribute_converts_the_output() => Gives(
        "Int32",
        "(Invoke-Dag (New-Dag d { Add-DagNode a { [OutputType([int])] param() '5' } })).Outputs['a'].GetType().Name");

    [Fact]
    public void The_output_type_of_the_parameter_converts_the_output() => Gives(
        "Version",
        "(Invoke-Dag (New-Dag d { Add-DagNode a { '1.2' } -OutputType version })).Outputs['a'].GetType().Name");

    [Fact]
    public void A_method_group_runs() => Gives(
        "LINE",
        """
        [IO.File]::WriteAllText("$Folder/x.txt", 'LINE');
            (Invoke-Dag (New-Dag d { Add-DagNode a -Method ([IO.File]::ReadAllLines) -Parameter @{ path = "$Folder/x.txt" } })).Outputs['a']
        """);

    [Fact]
    public void A_method_is_found_by_its_name() => Gives(
        "a-b.",
        """
        (Invoke-Dag (New-Dag d { Add-DagNode a -Method 'System.IO.Path::ChangeExtension' -Parameter @{ path = 'a-b.txt';
            extension = $null } })).Outputs['a']
        """);

    [Fact]
    public void A_MethodInfo_runs() => Gives(
        "x/y",
        """
        (Invoke-Dag (New-Dag d {
            Add-DagNode a -Method ([IO.Path].GetMethod('Combine', [type[]]@([string], [string]))) -Parameter @{ path1 = 'x';
            path2 = 'y' } })).Outputs['a'].Replace('\', '/')
        """);

    [Fact]
    public void A_task_is_awaited() => Gives(
        "text",
        """
        [IO.File]::WriteAllText("$Folder/x.txt", 'text');
            (Invoke-Dag (New-Dag d {
            Add-DagNode a -Method 'System.IO.File::ReadAllTextAsync' -Parameter @{ path = "$Folder/x.txt" } })).Outputs['a']
        """);

    [Fact]
    public void Two_overloads_that_fit_are_an_error() => FailsWith(
        "DagMethodAmbiguous",
        "New-Dag d { Add-DagNode a -Method 'System.Math::Abs' } | Invoke-Dag -SourceInput @{ value = '1' }", "a");

    [Fact]
    public void A_composite_with_two_upstreams_is_refused_when_it_is_added() => FailsWith(
        "DagCompositeUpstream",
        "New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode m -Map { $_ } -After a, b }", "m");

    [Fact]
    public void A_sub_DAG_with_two_sources_is_refused_when_it_is_added() => FailsWith(
        "DagSubDagShape",
        """
        $s = New-Dag s { Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode c { 3 } -After a, b };
            New-Dag d { Add-DagNode l { 1 }; Add-DagNode m -Call $s -After l }
        """, "m");

    [Fact]
    public void A_sub_DAG_with_two_sinks_is_refused_when_it_is_added() => FailsWith(
        "DagSubDagShape",
        """
        $s = New-Dag s { Add-DagNode a { 1 }; Add-DagNode b { 2 } -After a; Add-DagNode c { 3 } -After a };
            New-Dag d { Add-DagNode l { 1 }; Add-DagNode m -Map $s -After l }
        """, "m");

    [Fact]
    public void A_refused_node_leaves_the_DAG_as_it_was() => Gives(
        "1",
        """
        $d = New-Dag d; $d | Add-DagNode a { 1 }; try { $d | Add-DagNode b { 2 } -After nowhere -ErrorAction Stop } catch { };
            $d.Nodes.Count
        """);
}
