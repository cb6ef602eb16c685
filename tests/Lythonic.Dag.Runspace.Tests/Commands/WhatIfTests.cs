using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

/// <summary>The plan as <c>-WhatIf</c> prints it. Only a host sees it, so a process of its own runs the script.</summary>
public sealed class WhatIfTests : ModuleTest
{
    [Fact]
    public void The_plan_of_a_run_has_each_node_and_makes_no_database()
    {
        var plan = Plan("New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 2 } -After a } | Invoke-Dag -WhatIf");

        Assert.Equal(["Run", "Run"], plan);
        Assert.False(File.Exists(Session.Database));
    }

    [Fact]
    public void The_plan_of_a_restart_says_what_is_reused() => Assert.Equal(
        ["Reuse", "Run", "Run"],
        Plan(Stored("throw 'no'") + "(Get-DagRun) | Restart-DagRun -Dag $d -WhatIf"));

    [Fact]
    public void The_plan_of_a_replay_says_what_is_reused() => Assert.Equal(
        ["Reuse", "Run", "Reuse"],
        Plan(Stored("2") + "(Get-DagRun) | Invoke-DagReplay -Node b -Dag $d -WhatIf"));

    [Fact]
    public void A_restart_changes_nothing() => Gives(
        "failed 1", Stored("throw 'no'") + "Restart-DagRun $r.RunId -WhatIf; \"$((Get-DagRun).Status) $(((Get-DagRun).Nodes | Where-Object Label -eq b).Attempt)\"");

    [Fact]
    public void A_replay_makes_no_run() => Gives("1", Stored("2") + "Invoke-DagReplay $r.RunId b -WhatIf; @(Get-DagRun).Count");

    [Fact]
    public void The_preference_holds_as_the_switch_does() => Gives(
        "False", "$WhatIfPreference = $true; New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag; [IO.File]::Exists($Database)");

    private static string Stored(string b) => $"$d = New-Dag d {{ Add-DagNode a {{ 1 }}; Add-DagNode b {{ {b} }} -After a; Add-DagNode c {{ 3 }} -After b }}\n$r = Invoke-Dag $d -ErrorAction SilentlyContinue\n";

    private string[] Plan(string script)
    {
        using var host = new HostProcess(Session.Folder.Path, Session.Database, Session.Folder.Write("plan.ps1", script));
        Assert.Equal(0, host.WaitForExit());
        const string Mark = "What if: ";
        return [.. host.Output.Split('\n').Where(line => line.StartsWith(Mark, StringComparison.Ordinal)).Select(line => line[Mark.Length..].Split(':')[0])];
    }
}
