using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

/// <summary>The plan as <c>-WhatIf</c> prints it. Only a host sees it, so a process of its own runs the script.</summary>
public sealed partial class WhatIfTests : ModuleTest
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
        "failed 1", Stored("throw 'no'")
            + "Restart-DagRun $r.RunId -WhatIf; \"$((Get-DagRun).Status) $(((Get-DagRun).Nodes | Where-Object Label -eq b).Attempt)\"");

    [Fact]
    public void A_replay_makes_no_run() => Gives("1", Stored("2") + "Invoke-DagReplay $r.RunId b -WhatIf; @(Get-DagRun).Count");

    [Fact]
    public void The_preference_holds_as_the_switch_does() => Gives(
        "False", "$WhatIfPreference = $true; New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag; [IO.File]::Exists($Database)");

    [Fact]
    public void The_plan_of_a_replay_says_of_each_node_exactly_why()
    {
        const string Script = """
            $d = New-Dag chain { Add-DagNode a { 1 }; Add-DagNode b { 2 } -After a; Add-DagNode c { 3 } -After b; Add-DagNode x { 5 } }
            $f = New-Dag f { Add-DagNode a { 1 }; Add-DagNode b { throw 'no' } -After a; Add-DagNode c { 3 } -After b }
            $whole, $failed = (Invoke-Dag $d), (Invoke-Dag $f -ErrorAction SilentlyContinue)
            Invoke-DagReplay $whole.RunId b -WhatIf -WarningAction SilentlyContinue
            Invoke-DagReplay $whole.RunId b -IncludeDownstream -WhatIf
            Invoke-DagReplay $failed.RunId a -WhatIf
            Invoke-DagReplay $failed.RunId b -IncludeDownstream -WhatIf
            """;
        Assert.Equal(
            [
                "Reuse: a, run ID has its output", "Run: b, it is named",
                "Reuse: c, run ID has its output, which was made from a node that runs again", "Reuse: x, run ID has its output",
                "Reuse: a, run ID has its output", "Run: b, it is named", "Run: c, it lies downstream of a node that is named",
                "Reuse: x, run ID has its output",
                "Run: a, it is named", "Run: b, run ID has no output of it", "Run: c, run ID has no output of it",
                "Reuse: a, run ID has its output", "Run: b, it is named", "Run: c, it lies downstream of a node that is named",
            ],
            PlanLines(Script).Select(line => RunId().Replace(line, "ID").Replace("node '", "", StringComparison.Ordinal)
                .Replace("', because", ",", StringComparison.Ordinal)));
    }

    [System.Text.RegularExpressions.GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial System.Text.RegularExpressions.Regex RunId();

    private static string Stored(string b) =>
        $"$d = New-Dag d {{ Add-DagNode a {{ 1 }}; Add-DagNode b {{ {b} }} -After a; "
        + $"Add-DagNode c {{ 3 }} -After b }}\n$r = Invoke-Dag $d -ErrorAction SilentlyContinue\n";

    private string[] Plan(string script) => [.. PlanLines(script).Select(line => line.Split(':')[0])];

    private string[] PlanLines(string script)
    {
        using var host = new PwshProcess(Session.Folder.Path, Session.Database, Session.Folder.Write("plan.ps1", script));
        Assert.Equal(0, host.WaitForExit());
        const string Mark = "What if: ";
        return [.. host.Output.Split('\n').Where(line => line.StartsWith(Mark, StringComparison.Ordinal))
            .Select(line => line[Mark.Length..].Trim())];
    }
}
