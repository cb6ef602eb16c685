using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class CutInputTests : ModuleTest
{
    private const string Ring = "class Ring { [object]$Next }; $ring = [Ring]::new(); $ring.Next = $ring\n";

    [Theory]
    [InlineData("by parameter", "Add-DagNode a { param($x) 1 }", "-SourceInput @{ x = $ring }")]
    [InlineData("by label", "Add-DagNode a { $null -ne $_ }", "-SourceInput @{ a = $ring }")]
    [InlineData("as a constant", "Add-DagNode a { param($x) 1 } -Parameter @{ x = $ring }", "")]
    public void What_is_cut_of_an_input_that_the_caller_gives_is_a_warning(string how, string node, string input) => Gives(
        $"{how}: completed 1 1 object was not stored $.Next",
        Ring + $$"""
        $d = New-Dag d { {{node}} }
        $run = Invoke-Dag $d {{input}} -WarningVariable said -WarningAction SilentlyContinue
        $cut = @($said | Where-Object { "$_" -like '*cycle*' })
        "{{how}}: $($run.Status) $($cut.Count) $(("$cut" -replace '^.*?(1 object was not stored).*(\$\.Next).*$', '$1 $2'))"
        """);
}
