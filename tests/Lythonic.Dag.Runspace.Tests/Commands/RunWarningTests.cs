using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

/// <summary>When a DAG runs, the warnings of <c>Test-Dag</c> are written too, and a warning if its script is newer than the DAG.</summary>
public sealed class RunWarningTests : ModuleTest
{
    private const string Forgotten =
        "$out = 'x'; $dag = New-Dag d { Add-DagNode a { \"$out/*\" }; Add-DagNode b -After a { if ($DagContext.Attempt -eq 1) "
        + "{ throw 'no' }; 2 } }; ";

    [Theory]
    [InlineData("$dag | Invoke-Dag")]
    [InlineData("$dag | Invoke-Dag -WhatIf")]
    [InlineData("$dag | Invoke-Dag -NoProvenance")]
    [InlineData("$dag | Invoke-Dag -AsJob | Wait-Job")]
    [InlineData("$dag | Invoke-DagNode a")]
    [InlineData("$dag | Invoke-Dag -Override @{ b = { $out } }", "$out", "$out")]
    public void A_variable_that_a_worker_does_not_have_is_warned_of_once(string run, params string[] warnings) =>
        Assert.Equal(warnings.Length == 0 ? ["$out"] : warnings, Warnings(Forgotten + run));

    [Theory]
    [InlineData("$dag | Invoke-Dag -Inline")]
    [InlineData("$dag | Invoke-Dag -Override @{ a = { 1 } }")]
    [InlineData("$dag | Invoke-DagNode b -Parameter @{ _ = 1 }")]
    public void What_does_not_run_in_a_worker_is_not_warned_of(string run) => Assert.Empty(Warnings(Forgotten + run));

    [Fact]
    public void A_node_of_a_sub_dag_is_warned_of_once_for_all_elements() =>
        Assert.Equal(["$limit"], Warnings(
            "$limit = 3; New-Dag d { Add-DagNode list { 1..20 }; Add-DagNode each -After list -Map { $_ -gt $limit } } | Invoke-Dag"));

    [Theory]
    [InlineData("$run | Restart-DagRun", 0)]
    [InlineData("$run | Invoke-DagReplay -Node b", 0)]
    [InlineData("$run | Invoke-DagReplay -Node a", 1)]
    [InlineData("$run | Invoke-DagReplay -Node a -WhatIf", 1)]
    public void A_restart_and_a_replay_warn_of_what_they_run(string again, int warnings) =>
        Assert.Equal(warnings, Warnings(
            $"{Forgotten} $run = $dag | Invoke-Dag -ErrorAction SilentlyContinue -WarningAction Ignore; "
            + $"{again} -ErrorAction SilentlyContinue").Count(warning => warning == "$out"));

    [Fact]
    public void A_failed_node_that_runs_again_is_warned_of_by_the_restart() => Assert.Equal(
        ["$out"],
        Warnings(
            "$out = 'x'; $run = New-Dag d { Add-DagNode a { throw \"$out\" } } | Invoke-Dag -ErrorAction SilentlyContinue -WarningAction "
            + "Ignore; $run | Restart-DagRun -ErrorAction SilentlyContinue"));

    [Theory]
    [InlineData("$run | Restart-DagRun", true)]
    [InlineData("$run | Restart-DagRun -WhatIf", true)]
    [InlineData("$run | Invoke-DagReplay -Node b", true)]
    [InlineData("$run | Restart-DagRun -Dag $dag", true)]
    [InlineData(". $script; $run | Restart-DagRun", false)]
    [InlineData("$dag | Invoke-Dag", false)]
    public void A_script_that_is_newer_than_the_definition_is_warned_of(string again, bool warns)
    {
        var text = Session.Run($$"""
            $script = Join-Path $Folder etl.ps1
            Set-Content $script '$dag = New-Dag etl { Add-DagNode a { 1 }; Add-DagNode b -After a { throw "no" } }'
            . $script
            $run = $dag | Invoke-Dag -ErrorAction SilentlyContinue
            (Get-Item $script).LastWriteTimeUtc = (Get-Item $script).LastWriteTimeUtc.AddSeconds(1)
            $null = $({{again}} -ErrorAction SilentlyContinue -WarningVariable said)
            @($said | Where-Object { "$_".Contains($script) -and "$_" -match 'newer' }).Count
            """).Text;

        Assert.Equal(warns ? "1" : "0", text);
    }

    [Fact]
    public void The_script_of_a_sub_dag_counts_too() => Gives(
        "1",
        """
        $script = Join-Path $Folder page.ps1
        Set-Content $script 'New-Dag page { Add-DagNode get { throw "no" } }'
        $page = & $script
        $run = New-Dag d { Add-DagNode a { 1 }; Add-DagNode m -After a -Map $page } | Invoke-Dag -ErrorAction SilentlyContinue
        (Get-Item $script).LastWriteTimeUtc = (Get-Item $script).LastWriteTimeUtc.AddSeconds(1)
        $null = $run | Restart-DagRun -ErrorAction SilentlyContinue -WarningVariable said 3>$null
        @($said | Where-Object { "$_".Contains($script) }).Count
        """);

    private IEnumerable<string> Warnings(string script) =>
        Session.Run(script).Warnings.Select(warning => warning.Message)
            .Where(message => message.Contains("a variable of the session", StringComparison.Ordinal))
            .Select(message => message.Split("reads ")[1].Split(',')[0]);
}
