using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

/// <summary>Outputs and elements that no node takes, and a DAG without nodes.</summary>
public sealed class LostOutputTests : ModuleTest
{
    private const string Shown =
        " | Test-Dag | ForEach-Object { \"$($_.Severity) $($_.ErrorId) $($_.Node)|$($_.Message)|$($_.RecommendedAction)\" }";

    [Fact]
    public void Of_two_upstreams_and_one_parameter_the_one_that_is_not_taken_is_named() => Gives(
        "Warning DagNodeDoubtful c|No node takes the output of 'b': the parameter 's' of the node 'c' takes that of 'a', and no other "
            + "parameter is left for it.|Declare a parameter for it too, or one list for both, such as [object[]]$s. If 'b' only has to "
            + "come before, declare [OutputType([void])] there, or call the parameter 'a'.",
        "New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode c -After a, b { param([string]$s) $s } }" + Shown);

    [Fact]
    public void Of_two_declared_outputs_of_which_a_parameter_could_take_either_both_are_named() => Gives(
        "Warning DagNodeDoubtful c|No node takes the outputs of 'a', 'b': nothing says which of them the parameter 's' of the node 'c' "
            + "takes, so it stays empty.|Say which with Connect-DagNode -Parameter s, or collect them in a list, such as [object[]]$s.",
        "New-Dag d { Add-DagNode a { 1 } -OutputType int; Add-DagNode b { 2 } -OutputType int; "
            + "Add-DagNode c -After a, b { param([string]$s) $s } }" + Shown);

    [Fact]
    public void An_undeclared_output_that_a_list_of_declared_ones_leaves_out_is_named() => Gives(
        "Warning DagNodeDoubtful c|No node takes the output of 'a': the parameter 'x' of the node 'c' collects what is declared as "
            + "System.Int32, which is the output of 'b'.|Declare the type at 'a' too, or say with Connect-DagNode -Parameter x which "
            + "outputs it collects. If 'a' only has to come before, declare [OutputType([void])] there.",
        "New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 2 } -OutputType int; "
            + "Add-DagNode c -After a, b { param([int[]]$x) $x } }" + Shown);

    [Fact]
    public void A_list_of_single_values_that_collects_the_list_of_a_map_is_a_warning() => Gives(
        "Warning DagNodeDoubtful c|The parameter 'x' of the node 'c' is a list of the outputs of 'm', 'b', and the output of the map 'm' "
            + "is a list already, which cannot be one System.String.|If the parameter takes only 'm', say so with Connect-DagNode m c "
            + "-Parameter x. The others then only come before.",
        "New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { $null = 2 }; Add-DagNode m -After a -Map { $_ }; "
            + "Add-DagNode c -After m, b { param([string[]]$x) $x } }" + Shown);

    [Theory]
    [InlineData("Add-DagNode b { Get-ChildItem | Sort-Object Length }")]
    [InlineData("Add-DagNode b { $x = 1; [pscustomobject]@{ X = $x } }")]
    [InlineData("Add-DagNode b { Write-Host x; return $PWD.Path }")]
    [InlineData("Add-DagNode b { [OutputType([int])] param() Do-Something }")]
    [InlineData("Add-DagNode i { 1, 2 }; Add-DagNode b -After i -Map { $_ * 2 }")]
    [InlineData("Add-DagNode b { param($P) $P }; Add-DagNode e -After b { param($q) } -Parameter @{ q = 1 }")]
    public void What_gives_an_output_for_sure_is_found(string b) => Gives(
        "c",
        $"(New-Dag d {{ Add-DagNode a {{ 1 }}; {b}; Add-DagNode c -After a, b {{ param($s) $s }} }} | Test-Dag "
            + "| Where-Object Message -Match 'output').Node");

    [Fact]
    public void In_a_sub_DAG_too() => Gives(
        "m/c",
        "$s = New-Dag s { Add-DagNode x { $_ }; Add-DagNode a -After x { 1 }; Add-DagNode b -After x { 2 }; "
            + "Add-DagNode c -After a, b { param($v) $v } }; "
            + "(New-Dag d { Add-DagNode a { 1 }; Add-DagNode m -Map $s -After a } | Test-Dag).Node");

    [Theory]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode c -After a, b { param($a) $a }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode c -After a, b { param([string]$a) $a }")]
    [InlineData("Add-DagNode a { 1 } -OutputType string; Add-DagNode b { 2 }; Add-DagNode c -After a, b { param([string]$s) $s }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode c -After b { param($s) $s }; Connect-DagNode a c -Parameter s")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode c -After a, b { param([object[]]$s) $s }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode c -After a, b { param($s, $t) $s }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode c -After a, b { $_ }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode c -After a, b { 'only after them' }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode c -After a, b { param($s) $s } -If { $_[1] }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode c -After a, b { param($s) $s } -When Always")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode c -After a, b { param($s) $s }; Add-DagNode e -After b { $_ }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode c -After a, b { param($s) $s }; Add-DagNode e -After b -Map { $_ }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { Invoke-SqlScript x.sql }; Add-DagNode c -After a, b { param($s) $s }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { mkdir x; 'created' }; Add-DagNode c -After a, b { param($s) $s }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { $x = 2 }; Add-DagNode c -After a, b { param($s) $s }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { $null }; Add-DagNode c -After a, b { param($s) $s }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { [void](2) }; Add-DagNode c -After a, b { param($s) $s }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { (Get-Item .).Refresh() }; Add-DagNode c -After a, b { param($s) $s }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { 2 } -OutputType void; Add-DagNode c -After a, b { param($s) $s }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { 2 } -OutputType int; Add-DagNode c -After a, b { param([guid]$s) $s }")]
    [InlineData("Add-DagNode a { 1 } -OutputType string; Add-DagNode b { 2 } -OutputType int; "
        + "Add-DagNode c -After a, b { param([int[]]$x) $x }")]
    [InlineData("Add-DagNode a { $x = 1 }; Add-DagNode b { 2 } -OutputType int; Add-DagNode c -After a, b { param([int[]]$x) $x }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b { 2 } -OutputType int; Add-DagNode c -After a { param([int[]]$x) $x }; "
        + "Connect-DagNode b c -Parameter x")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode m -After a -Map { $_ }; Add-DagNode c -After a, m { param([object[]]$x) $x }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode m -After a -Map { $_ }; Add-DagNode c -After a, m { param([hashtable[]]$x) $x }")]
    [InlineData("Add-DagNode a { 1 } -OutputType void; Add-DagNode s { 1 }; Add-DagNode m -After s -Map { $_ }; "
        + "Add-DagNode c -After a, m { param([int[]]$x) $x }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b -Method ([IO.Directory]::CreateDirectory) -Parameter @{ path = 'x' }; "
        + "Add-DagNode c -After a, b { param($s) $s }")]
    public void An_edge_that_may_be_meant_for_the_order_is_not_warned_of(string nodes) =>
        Gives("", $"New-Dag d {{ {nodes} }} | Test-Dag | Where-Object Message -Match 'output'");

    [Theory]
    [InlineData("Add-DagNode m -After a -Map { param($k) \"$_/$k\" } -Parameter @{ k = 7 }")]
    [InlineData("Add-DagNode m -After a -Map (New-Dag s { Add-DagNode x { param($k) \"$_/$k\" } -Parameter @{ k = 7 } })")]
    public void A_map_whose_constants_leave_no_parameter_for_the_element_is_a_warning(string map) => Gives(
        "Warning DagNodeDoubtful m|Nothing takes the elements of the map 'm': constants fill all parameters of its code, and $_ is empty "
            + "in code with parameters.|Declare the element as the first parameter of the code.",
        $"New-Dag d {{ Add-DagNode a {{ 1, 2 }}; {map} }}{Shown}");

    [Theory]
    [InlineData("-Map { param($x, $k) \"$x/$k\" } -Parameter @{ k = 7 }")]
    [InlineData("-Map { param($k, $x) \"$x/$k\" } -Parameter @{ k = 7 }")]
    [InlineData("-Map { 'the same for each' }")]
    [InlineData("-Map { param([Lythonic.Dag.DagContext]$dag) $dag.Label }")]
    [InlineData("-Switch @{ x = { param($k) $k } } -By { 'x' } -Parameter @{ k = 7 }")]
    public void A_map_that_has_a_place_for_the_element_is_not_warned_of(string map) =>
        Gives("", $"New-Dag d {{ Add-DagNode a {{ 1, 2 }}; Add-DagNode m -After a {map} }}{Shown}");

    [Fact]
    public void A_DAG_without_nodes_is_a_warning_of_the_DAG() => Gives(
        "Warning DagNodeDoubtful empty|The DAG 'empty' has no node: a run of it does nothing and is completed.|"
            + "Add nodes to it with Add-DagNode.",
        "New-Dag empty" + Shown);
}
