using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>What the parameters of a node's script declare beyond name and type.</summary>
public sealed class ParameterTests : ModuleTest
{
    private const string Aliased = "{ param([Alias('Path', 'p')]$File, $Other) \"$File $Other\" }";

    [Theory]
    [InlineData("Add-DagNode a {0} -Parameter @{{ Path = 'x' }}", "", "x ")]
    [InlineData("Add-DagNode a {0}", "-SourceInput @{{ path = 'x' }}", "x ")]
    [InlineData("Add-DagNode a {0}", "-SourceInput @{{ a = @{{ P = 'x' }} }}", "x ")]
    [InlineData("Add-DagNode q {{ 'x' }}; Add-DagNode p {{ 'y' }}; Add-DagNode a {0} -After q, p", "", "y x")]
    [InlineData("Add-DagNode q {{ 'x' }}; Add-DagNode a {0}; Connect-DagNode q a -Parameter path", "", "x ")]
    [InlineData("Add-DagNode q {{ @{{ path = 'x'; other = 'y' }} }}; Add-DagNode a -After q -Call (New-Dag inner {{ Add-DagNode i {0} }})",
        "", "x y")]
    public void An_alias_names_its_parameter(string nodes, string options, string expected) =>
        Gives(expected, string.Format(null, $"(New-Dag d {{{{ {nodes} }}}} | Invoke-Dag -NoProvenance {options}).Outputs['a']", Aliased));

    [Fact]
    public void A_parameter_that_another_parameter_set_needs_is_not_missing() => Gives(
        "B 1",
        "(New-Dag d { Add-DagNode a { [CmdletBinding()] param([Parameter(Mandatory, ParameterSetName = 'A')]$x, [Parameter(Mandatory, "
        + "ParameterSetName = 'B')]$y) \"$($PSCmdlet.ParameterSetName) $x$y\" } -Parameter @{ y = 1 } } | "
        + "Invoke-Dag -NoProvenance).Outputs['a']");

    [Fact]
    public void A_process_block_gets_the_upstreams_output_whole() => Gives(
        "begin 2 end",
            "(New-Dag d { Add-DagNode q { 1, 2 }; Add-DagNode a { param($q) begin { 'begin' } process { $q.Count } end { 'end' } } "
            + "-After q } | Invoke-Dag -NoProvenance).Outputs['a'] -join ' '");

    [Fact]
    public void A_dynamic_parameter_is_none_of_the_wirings() => FailsWith(
        "DagSourceInputUnknown",
        "New-Dag d { Add-DagNode a { [CmdletBinding()] param($x) dynamicparam { } end { 1 } } -Parameter @{ Dynamic = 1 } } | "
        + "Invoke-Dag -NoProvenance", "Dynamic", "'a'");
}
