using System.Text.RegularExpressions;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>A process of its own runs a DAG and is killed inside the node <c>b</c>; then this process restarts the run.</summary>
public sealed class CrashTests : ModuleTest
{
    private const string Definition =
        """
        $d = New-Dag crashing {
            Add-DagNode a { param($folder) [IO.File]::AppendAllText("$folder/ran-a", 'a'); 1 } -Parameter @{ folder = $Folder }
            Add-DagNode b { param($folder, $n) BODY } -After a -Parameter @{ folder = $Folder }
            Add-DagNode c { param($n) $n + 1 } -After b
        }

        """;

    [Fact]
    public void An_attempt_that_was_in_flight_at_a_crash_is_closed_by_the_restart()
    {
        Crash();

        Reads(
            "b|1|cancelled|0\nb|2|completed|0",
            "SELECT node_label, attempt, status, finished_at IS NULL FROM node_executions WHERE node_label = 'b' ORDER BY attempt",
            Mended + "$null = Restart-DagRun (Get-DagRun).RunId -Dag $d");
    }

    private static string Mended => Definition.Replace("BODY", "$n + 1", StringComparison.Ordinal);

    private void Crash()
    {
        using var host = Start();
        host.Kill();
    }

    private PwshProcess Start()
    {
        var stuck = Definition.Replace(
            "BODY", "[IO.File]::WriteAllText(\"$folder/in-b\", ''); while ($true) { [Threading.Thread]::Sleep(10) }",
                StringComparison.Ordinal);
        var script = Session.Folder.Write("crash.ps1", "$Folder = $PSScriptRoot\n" + stuck + "Invoke-Dag $d");
        var host = new PwshProcess(Session.Folder.Path, Session.Database, script);
        host.WaitForFile(Session.Folder.File("in-b"));
        // The record of a start is committed a moment after the node begins.
        Assert.True(SpinWait.SpinUntil(() => Session.Run("(Get-DagRun).Nodes['b'].Status").Text == "running", Limits.Hang));
        return host;
    }

    [Fact]
    public void A_run_whose_first_node_took_the_process_down_shows_as_interrupted()
    {
        using var host = new PwshProcess(
            Session.Folder.Path, Session.Database,
            Session.Folder.Write("down.ps1",
                "New-Dag d { Add-DagNode a { [Diagnostics.Process]::GetCurrentProcess().Kill(); while ($true) { } } } | Invoke-Dag"));
        host.WaitForExit();

        Gives("interrupted", "(Get-DagRun).Status");
    }

    [Theory]
    [InlineData("Add-DagNode each -After list -AllowFailure 3 -ThrottleLimit 1 -Map { BODY }", "each", "each[0]", "1 of 3 failed")]
    [InlineData(
        "Add-DagNode each -After list -AllowFailure 3 -ThrottleLimit 1 -Map (New-Dag one { Add-DagNode get { param($_) BODY } })",
        "each", "each[0]/get", "1 of 3 failed")]
    [InlineData(
        "Add-DagNode load -After list -Call (New-Dag all { Add-DagNode items { param([int[]]$n) $n }; "
            + "Add-DagNode each -After items -AllowFailure 3 -ThrottleLimit 1 -Map { BODY } })",
        "load", "load/each[0]", "1 error")]
    [InlineData(
        "Add-DagNode outer -After list -ThrottleLimit 1 -Map (New-Dag one { Add-DagNode items { param($n) 1, ($n + 1) }; "
            + "Add-DagNode each -After items -AllowFailure 3 -ThrottleLimit 1 -Map { BODY } })",
        "outer", "outer[0]/each[0]", "1 error")]
    public void An_interrupted_run_says_why_elements_failed(string map, string node, string place, string count)
    {
        var body = "if ($_ -eq 1) { throw \"no customer`nAt all\" }; [IO.File]::WriteAllText(\"$using:Folder/in-two\", ''); "
            + "while ($true) { [Threading.Thread]::Sleep(10) }";
        var script = Session.Folder.Write(
            "elements.ps1",
            "$Folder = $PSScriptRoot\nNew-Dag d { Add-DagNode list { 1, 2, 3 }; "
                + $"{map.Replace("BODY", body, StringComparison.Ordinal)} }} | Invoke-Dag");
        using var host = new PwshProcess(Session.Folder.Path, Session.Database, script);
        host.WaitForFile(Session.Folder.File("in-two"));
        Assert.True(
            SpinWait.SpinUntil(() => Session.Run("(Get-DagRun).ErrorCount").Text == "1", Limits.Hang), "the failure was not counted");
        var inFlight = Shown("Get-DagRun");
        host.Kill();

        Assert.Contains(place, inFlight, StringComparison.Ordinal);
        Gives(
            $"interrupted 1 {place}: no customer (value 1) 1 {place}: no customer (value 1)",
            $$"""
            $run = Get-DagRun; $node = $run.Nodes['{{node}}']
            $first = { param($text) ($text -split "\n")[0] -replace ';.*' }
            "$($run.Status) $($run.ErrorCount) $(& $first $run.Error) $($node.ErrorCount) $(& $first $node.Error)"
            """);
        Gives("Its process ended while it ran.", "($run.Nodes['" + node + "'].Error -split \"\n\")[-1]");
        Assert.Matches($@"interrupted, .* {Regex.Escape(place)}", Shown("Get-DagRun"));
        Assert.Matches(@"Duration +: > \d", Shown("Get-DagRun | Format-List"));
        Assert.Matches($@"Error +: {Regex.Escape(place)}: no customer", Shown("Get-DagRun | Format-List"));
        Assert.Matches(
            $@"<p><b>Interrupted, {count}, after more than .*?\.</b> </p>\n<p><a href=""[^""]+"">{Regex.Escape(place)}: no customer",
            Shown("Get-DagRun | Export-Dag -As Html"));
    }

    private string Shown(string command) => Session.Run($"{command} | Out-String -Width 200").Sound().Text;

    [Fact]
    public void A_first_attempt_that_took_the_process_down_is_never_told_that_it_is_the_first_again()
    {
        const string Suicidal =
            "$d = New-Dag d { Add-DagNode a { while ($DagContext.Attempt -eq 1) { [Diagnostics.Process]::GetCurrentProcess().Kill() } "
            + "'ok' } }\n";
        using var host = new PwshProcess(
            Session.Folder.Path, Session.Database, Session.Folder.Write("down.ps1", Suicidal + "Invoke-Dag $d"));
        host.WaitForExit();

        Gives("completed ok 2",
            Suicidal + "$r = Restart-DagRun (Get-DagRun).RunId -Dag $d; \"$($r.Status) $($r.Outputs['a']) $($r.Nodes[0].Attempt)\"");
    }

    [Fact]
    public void A_live_run_of_another_process_is_never_removed()
    {
        using var host = Start();

        Session.Run("Remove-DagRun -KeepLast 0; Remove-DagRun -OlderThan 0; Get-DagRun | Remove-DagRun -ErrorAction SilentlyContinue");

        Gives("running", "(Get-DagRun).Status");
    }

    [Theory]
    [InlineData("LYTHONIC_DAG_DB", "here.db", "here.db")]
    [InlineData("XDG_DATA_HOME", "data", "data/Lythonic.Dag/runs.db")]
    public void The_database_is_where_the_environment_says(string variable, string value, string expected)
    {
        var script = Session.Folder.Write("where.ps1",
            $"$env:LYTHONIC_DAG_DB = $null; $env:{variable} = \"$PSScriptRoot/{value}\"; "
            + $"$null = New-Dag d {{ Add-DagNode a {{ 1 }} }} | Invoke-Dag; (Get-DagRun).DatabasePath");
        using var host = new PwshProcess(Session.Folder.Path, null, script);

        Assert.Equal(0, host.WaitForExit());
        Assert.Equal(Path.GetFullPath(Session.Folder.File(expected)), Path.GetFullPath(host.Output.Trim()));
    }

    [Fact]
    public void A_relative_data_folder_in_the_environment_is_ignored()
    {
        var script = Session.Folder.Write("where.ps1",
            "$env:LYTHONIC_DAG_DB = $null; $env:HOME = $PSScriptRoot; $env:XDG_DATA_HOME = 'relative'; "
            + "Restart-DagRun none -ErrorAction SilentlyContinue -ErrorVariable e; \"$e\"");
        using var host = new PwshProcess(Session.Folder.Path, null, script);

        Assert.Equal(0, host.WaitForExit());
        Assert.Contains("runs.db", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("relative", host.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$null = $d | Invoke-Dag")]
    [InlineData("$null = $d | Invoke-Dag; $null = (Get-DagRun).Nodes.Output")]
    [InlineData("$null = $d | Invoke-Dag; exit 0")]
    public void A_file_that_is_copied_alone_after_its_process_ended_is_whole(string end)
    {
        var script = Session.Folder.Write("run.ps1", "$d = New-Dag d { Add-DagNode a { 1 } }; " + end);
        using var host = new PwshProcess(Session.Folder.Path, Session.Database, script);

        Assert.Equal(0, host.WaitForExit());
        File.Copy(Session.Database, Session.Folder.File("copy.db"));
        Gives("d", "(Get-DagRun -DatabasePath \"$Folder/copy.db\").DagName");
    }
}
