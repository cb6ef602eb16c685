using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>The nodes of <c>New-Dag -Strict</c>.</summary>
public sealed class StrictDagTests : ModuleTest
{
    [Theory]
    [InlineData("Write-Error soft; 1")]
    [InlineData("Get-Item ./nowhere; 1")]
    [InlineData("Write-Error soft -ErrorAction Continue; 1")]
    [InlineData("dotnet no-such-command; 1")]
    [InlineData("dotnet no-such-command | Sort-Object; 1")]
    [InlineData("function Inner { dotnet no-such-command }; Inner; 1")]
    [InlineData("$nowhere; 1")]
    [InlineData("(1).None; 1")]
    public void What_a_script_passes_over_fails_the_node(string script) => Gives(
        "failed failed failed",
        $$"""
        $run = New-Dag d -Strict { Add-DagNode a { {{script}} }; Add-DagNode b -Inline { {{script}} }; Add-DagNode l { 1, 2 };
            Add-DagNode m -After l -Map { {{script}} } } |
            Invoke-Dag -NoProvenance -ContinueOnFailure 2>$null
        ('a', 'b', 'm').ForEach{ $run.Nodes[$_].Status } -join ' '
        """);

    [Theory]
    [InlineData("try { Write-Error soft } catch { 'caught' }")]
    [InlineData("Get-Item ./nowhere -ErrorAction SilentlyContinue; 1")]
    [InlineData("dotnet --version")]
    [InlineData("Write-Warning mild")]
    public void What_a_script_deals_with_does_not(string script) => Gives(
        "completed",
            $"(New-Dag d -Strict {{ Add-DagNode a {{ {script} }}; Add-DagNode b -Inline {{ {script} }} }} | "
            + $"Invoke-Dag -NoProvenance 3>$null).Status");

    [Fact]
    public void An_error_that_a_function_of_a_module_writes_fails_the_node()
    {
        File.WriteAllText(Session.Folder.File("Soft.psm1"), "function Get-Soft { Write-Error soft; 'after' }");

        Gives(
            "failed failed",
            "Import-Module $Folder/Soft.psm1; (New-Dag d -Strict { Add-DagNode a { Get-Soft }; "
            + "Add-DagNode b -Inline { Get-Soft } } | Invoke-Dag -NoProvenance -ContinueOnFailure 2>$null).Nodes.Status -join ' '");
    }

    [Theory]
    [InlineData("Add-DagNode m -After l -Map $sub")]
    [InlineData("Add-DagNode m -After l -Call $sub")]
    [InlineData("Add-DagNode m -After l -Switch @{ x = $sub } -By { 'x' }")]
    [InlineData("Add-DagNode m -After l -Switch @{ x = { 1 } } -By { Write-Error soft; 'x' }")]
    [InlineData("Add-DagNode m -After l -Method ([Func[object, int]] { Write-Error soft; 1 })")]
    public void It_holds_in_all_that_its_nodes_run(string node) => Gives(
        "failed",
        $"$sub = New-Dag sub {{ Add-DagNode s {{ Write-Error soft; 1 }} }}; (New-Dag d -Strict {{ Add-DagNode l {{ 1, 2 }}; "
        + $"{node} }} | Invoke-Dag -NoProvenance 2>$null).Nodes['m'].Status");

    [Fact]
    public void It_does_not_hold_in_the_next_run() => Gives(
        "failed completed",
        "$script = { Write-Error soft; $nowhere; 1 }; (New-Dag d -Strict { Add-DagNode a $script }), (New-Dag e { Add-DagNode a $script }) "
        + "| Invoke-Dag -NoProvenance 2>$null | ForEach-Object Status | Join-String -Separator ' '");

    [Fact]
    public void A_node_alone_is_strict_too() =>
        FailsWith("DagNodeFailed", "Invoke-DagNode (New-Dag d -Strict { Add-DagNode a { Write-Error soft; 1 } }) a", "soft");

    [Fact]
    public void Another_attempt_is_judged_anew() => Gives(
        "completed",
            "(New-Dag d -Strict { Add-DagNode a -RetryCount 1 { if ($DagContext.Attempt -eq 1) { Write-Error soft }; "
            + "1 } } | Invoke-Dag -NoProvenance).Status");

    [Theory]
    [InlineData("-Strict", "")]
    [InlineData("", "-Strict")]
    public void A_restart_finds_that_it_changed(string before, string after) => FailsWith(
        "DagDefinitionChanged",
        $"$run = New-Dag d {before} {{ Add-DagNode a {{ 1 }}; Add-DagNode b -After a {{ throw 'no' }} }} | Invoke-Dag 2>$null; "
        + $"$null = New-Dag d {after} {{ Add-DagNode a {{ 1 }}; Add-DagNode b -After a {{ 2 }} }}; Restart-DagRun $run.RunId",
        "a");

    [Fact]
    public void A_restart_of_a_strict_run_goes_on() => Gives(
        "completed",
        "$run = New-Dag d -Strict { Add-DagNode a { 1 }; Add-DagNode b -After a { throw 'no' } } | Invoke-Dag 2>$null; "
        + "$null = New-Dag d -Strict { Add-DagNode a { 1 }; Add-DagNode b -After a { 2 } }; (Restart-DagRun $run.RunId).Status");
}
