using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

public sealed class GetDagRunTests : ModuleTest
{
    [Fact]
    public void A_database_that_is_not_there_holds_no_runs() => Gives(
        "0",
        "@(Get-DagRun).Count");

    [Fact]
    public void Reading_makes_no_file() => Gives(
        "False",
        "$null = Get-DagRun; [IO.File]::Exists($Database)");

    [Fact]
    public void Runs_come_newest_first() => Gives(
        "c b a",
        """
        foreach ($n in 'a', 'b', 'c') { $null = New-Dag $n { Add-DagNode x { 1 } } | Invoke-Dag }; (Get-DagRun).DagName -join ' '
        """);

    [Fact]
    public void First_takes_the_newest() => Gives(
        "c",
        """
        foreach ($n in 'a', 'b', 'c') { $null = New-Dag $n { Add-DagNode x { 1 } } | Invoke-Dag }; (Get-DagRun -First 1).DagName
        """);

    [Fact]
    public void A_DAG_name_selects_its_runs() => Gives(
        "b",
        """
        foreach ($n in 'a', 'b') { $null = New-Dag $n { Add-DagNode x { 1 } } | Invoke-Dag }; (Get-DagRun -DagName b).DagName
        """);

    [Fact]
    public void A_DAG_name_compares_without_case() => Gives(
        "nightly",
        "$null = New-Dag nightly { Add-DagNode x { 1 } } | Invoke-Dag; (Get-DagRun -DagName NIGHTLY).DagName");

    [Fact]
    public void A_status_selects_its_runs() => Gives(
        "b",
        """
        $null = New-Dag a { Add-DagNode x { 1 } } | Invoke-Dag;
            $null = New-Dag b { Add-DagNode x { throw 'no' } } | Invoke-Dag -ErrorAction SilentlyContinue;
            (Get-DagRun -Status failed).DagName
        """);

    [Fact]
    public void A_tag_selects_its_runs() => Gives(
        "b",
        """
        $null = New-Dag a { Add-DagNode x { 1 } } | Invoke-Dag; $null = New-Dag b { Add-DagNode x { 1 } } | Invoke-Dag -Tag t;
            (Get-DagRun -Tag t).DagName
        """);

    [Fact]
    public void A_run_that_began_after_Until_is_left_out() => Gives(
        "0",
        """
        $t = [DateTimeOffset]::UtcNow.AddHours(-1); $null = New-Dag a { Add-DagNode x { 1 } } | Invoke-Dag; @(Get-DagRun -Until $t).Count
        """);

    [Fact]
    public void A_run_that_began_after_Since_is_there() => Gives(
        "1",
        """
        $t = [DateTimeOffset]::UtcNow.AddHours(-1); $null = New-Dag a { Add-DagNode x { 1 } } | Invoke-Dag; @(Get-DagRun -Since $t).Count
        """);

    [Fact]
    public void A_unique_prefix_of_an_id_is_enough() => Gives(
        "True",
        """
        $r = New-Dag a { Add-DagNode x { 1 } } | Invoke-Dag; (Get-DagRun $r.RunId.Substring(0, $r.RunId.Length - 1)).RunId -eq $r.RunId
        """);

    [Fact]
    public void An_id_that_is_not_there_is_an_error() => FailsWith(
        "DagRunNotFound",
        "$null = New-Dag a { Add-DagNode x { 1 } } | Invoke-Dag; Get-DagRun zebra", "zebra");

    [Fact]
    public void Sub_runs_are_left_out() => Gives(
        "d",
        """
        $null = New-Dag d { Add-DagNode l { 1, 2 }; Add-DagNode m -Map { $_ } -After l } | Invoke-Dag; (Get-DagRun).DagName -join ','
        """);

    [Fact]
    public void IncludeChild_shows_sub_runs() => Gives(
        "3",
        """
        $null = New-Dag d { Add-DagNode l { 1, 2 }; Add-DagNode m -Map { $_ } -After l } | Invoke-Dag; @(Get-DagRun -IncludeChild).Count
        """);

    [Fact]
    public void A_stored_run_has_its_outputs() => Gives(
        "5",
        "$null = New-Dag d { Add-DagNode a { 5 } } | Invoke-Dag; (Get-DagRun).Outputs['a']");

    [Fact]
    public void A_stored_run_has_its_source_input() => Gives(
        "5",
        """
        $null = New-Dag d { Add-DagNode a { param($x) $x } } | Invoke-Dag -SourceInput @{ x = 5 }; (Get-DagRun).SourceInput['x']
        """);

    [Fact]
    public void A_stored_run_has_the_error_of_the_node_that_failed() => Gives(
        "a",
        """
        $null = New-Dag d { Add-DagNode a { throw 'no' } } | Invoke-Dag -ErrorAction SilentlyContinue; (Get-DagRun).FailedNode
        """);

    [Fact]
    public void A_file_that_is_no_database_is_an_error() => FailsWith(
        "DagDatabaseInvalid",
        "[IO.File]::WriteAllText(\"$Folder/x.db\", 'x' * 5000); Get-DagRun -DatabasePath \"$Folder/x.db\"", "x.db");

    [Fact]
    public void Names_take_wildcards_and_several() => Gives(
        "g3,g1 g3,g2,g1",
        "foreach ($n in 'g1', 'g2', 'g3', 'h') { $null = New-Dag $n { Add-DagNode x { 1 } } | Invoke-Dag }; "
        + "\"$((Get-DagRun -DagName g1, G3).DagName -join ',') $((Get-DagRun -DagName g*).DagName -join ',')\"");

    [Fact]
    public void Several_ids_come_in_the_order_given() => Gives(
        "a,b",
            "$a = New-Dag a { Add-DagNode x { 1 } } | Invoke-Dag; $b = New-Dag b { Add-DagNode x { 1 } } | Invoke-Dag; "
            + "(Get-DagRun $a.RunId, $b.RunId).DagName -join ','");

    [Fact]
    public void Ids_come_from_the_pipeline() => Gives(
        "a", "$a = New-Dag a { Add-DagNode x { 1 } } | Invoke-Dag; ($a.RunId | Get-DagRun).DagName");

    [Fact]
    public void An_id_that_is_not_there_leaves_the_others() => Gives(
        "a 1",
            "$a = New-Dag a { Add-DagNode x { 1 } } | Invoke-Dag; $r = Get-DagRun zebra, "
            + "$a.RunId -ErrorAction SilentlyContinue -ErrorVariable e; \"$($r.DagName) $($e.Count)\"");

    [Fact]
    public void A_prefix_that_fits_several_runs_is_an_error_that_lists_them()
    {
        Session.Run("foreach ($n in 1..20) { $null = New-Dag a { Add-DagNode x { 1 } } | Invoke-Dag }").Sound();

        FailsWith("DagRunNotFound",
            "$ids = (Get-DagRun).RunId; foreach ($id in $ids) { $same = @($ids | Where-Object { $_[0] -eq $id[0] }); "
            + "if ($same.Count -gt 1) { Get-DagRun $id.Substring(0, 1); break } }", "several");
    }

    [Fact]
    public void A_unique_prefix_of_a_sub_runs_id_is_enough() => Gives(
        "d/m[1] d/m[1]",
        """
        $r = New-Dag d { Add-DagNode l { 1, 2 }; Add-DagNode m -Map { $_ } -After l } | Invoke-Dag; $id = $r.Nodes['m'].ChildRuns['1'].RunId
        "$((Get-DagRun $id.Substring(0, 35)).DagName) $((Get-DagRun $id.Substring(0, 35).ToUpperInvariant()).DagName)"
        """);

    [Fact]
    public void A_prefix_that_fits_several_sub_runs_is_an_error_that_lists_them()
    {
        Session.Run(
            "$ids = (New-Dag d { Add-DagNode l { 1, 2 }; Add-DagNode m -Map { $_ } -After l } | Invoke-Dag).Nodes['m'].ChildRuns.RunId; "
            + "$Error.Clear()").Sound();
        var ids = Session.Run("$ids").Text.Split('\n');

        FailsWith("DagRunNotFound", "Get-DagRun $ids[0].Substring(0, 6)", ["several", .. ids]);
    }

    [Theory]
    [InlineData("Restart-DagRun $id")]
    [InlineData("Suspend-DagRun $id")]
    [InlineData("Remove-DagRun $id")]
    public void Where_a_root_run_is_needed_a_prefix_of_a_sub_runs_id_is_an_error_that_names_that(string command) => FailsWith(
        "DagRunNot",
        "$r = New-Dag d { Add-DagNode l { 1, 2 }; Add-DagNode m -Map { $_ } -After l } | Invoke-Dag; "
        + "$id = $r.Nodes['m'].ChildRuns['1'].RunId.Substring(0, 35); "+ command,
        "is a sub-run of");

    [Fact]
    public void Several_statuses_are_taken_whatever_their_case() => Gives(
        "b,a",
        "$null = New-Dag a { Add-DagNode x { throw 'no' } } | Invoke-Dag -ErrorAction SilentlyContinue; "
        + "$null = New-Dag b { Add-DagNode x { $DagContext.Pause() } } | Invoke-Dag; "
        + "$null = New-Dag c { Add-DagNode x { 1 } } | Invoke-Dag; (Get-DagRun -Status FAILED, paused).DagName -join ','");

    [Fact]
    public void Any_of_several_tags_is_enough() => Gives(
        "b,a",
        "$null = New-Dag a { Add-DagNode x { 1 } } | Invoke-Dag -Tag One; $null = New-Dag b { Add-DagNode x { 1 } } | Invoke-Dag -Tag two, "
        + "three; $null = New-Dag c { Add-DagNode x { 1 } } | Invoke-Dag; (Get-DagRun -Tag one, two).DagName -join ','");

    [Theory]
    [InlineData("[datetime]::Now")]
    [InlineData("[datetime]::UtcNow")]
    [InlineData("[DateTimeOffset]::Now")]
    public void Moments_of_any_kind_are_the_moments_they_are(string now) => Gives(
        "1 0 0 1",
        $"$null = New-Dag a {{ Add-DagNode x {{ 1 }} }} | Invoke-Dag; $t = {now}; "
        + $"\"$(@(Get-DagRun -Since $t.AddMinutes(-1)).Count) $(@(Get-DagRun -Since $t.AddMinutes(1)).Count) "
        + $"$(@(Get-DagRun -Until $t.AddMinutes(-1)).Count) $(@(Get-DagRun -Until $t.AddMinutes(1)).Count)\"");

    [Fact]
    public void A_folder_that_is_not_there_is_not_made() => Gives(
        "0 False", "\"$(@(Get-DagRun -DatabasePath \"$Folder/no/runs.db\").Count) $([IO.Directory]::Exists(\"$Folder/no\"))\"");

    [Fact]
    public void A_relative_path_is_one_of_the_sessions_location() => Gives(
        "True",
            "$null = New-Dag a { Add-DagNode x { 1 } } | Invoke-Dag -DatabasePath \"$Folder/rel.db\"; "
            + "$ExecutionContext.SessionState.Path.SetLocation($Folder) | Out-Null; @(Get-DagRun -DatabasePath rel.db).Count -eq 1");

    [Theory]
    [InlineData("Get-DagRun nightly")]
    [InlineData("Get-DagRun NIGHT*")]
    [InlineData("Remove-DagRun nightly")]
    [InlineData("Restart-DagRun nightly")]
    public void The_name_of_a_DAG_in_place_of_an_id_is_an_error_that_says_how_its_runs_are_found(string script) =>
        FailsWith("DagRunNotFound", "$null = New-Dag nightly { Add-DagNode x { 1 } } | Invoke-Dag; " + script, "name of a DAG",
            "Get-DagRun -DagName");

    [Theory]
    [InlineData("Get-DagRun $run -Status failed", "")]
    [InlineData("Get-DagRun $run -Status failed, completed", "p")]
    [InlineData("Get-DagRun $run -DagName q*", "")]
    [InlineData("Get-DagRun $run -DagName P", "p")]
    [InlineData("Get-DagRun $run -Tag other", "")]
    [InlineData("Get-DagRun $run -Tag T", "p")]
    [InlineData("Get-DagRun $run -Since ([datetime]::Now.AddDays(1))", "")]
    [InlineData("Get-DagRun $run -Until ([datetime]::Now.AddDays(-1))", "")]
    [InlineData("$all | Get-DagRun -First 1", "q")]
    [InlineData("$all | Get-DagRun -Status completed", "q,p")]
    [InlineData("Get-DagRun $run -First 2", "p")]
    [InlineData("Get-DagRun $child -DagName p -Status completed", "p/m[0]")]
    public void Named_runs_are_restricted_too(string query, string names) => Gives(
        names,
        $"""
        $run = (New-Dag p {'{'} Add-DagNode s {'{'} 1, 2 {'}'}; Add-DagNode m -After s -Map {'{'} $_ {'}'} {'}'} | Invoke-Dag -Tag t).RunId
        $null = New-Dag q {'{'} Add-DagNode x {'{'} 1 {'}'} {'}'} | Invoke-Dag
        $all = Get-DagRun
        $child = $all[1].Nodes['m'].ChildRuns['0'].RunId
        ({query} | ForEach-Object DagName) -join ','
        """);

    [Fact]
    public void A_wildcard_in_place_of_an_id_is_no_name_of_a_DAG() => Assert.DoesNotContain(
        "name of a DAG",
        FailsWith("DagRunNotFound", "$null = New-Dag nightly { Add-DagNode x { 1 } } | Invoke-Dag; Get-DagRun *", "no wildcards")
            .ToString(),
        StringComparison.Ordinal);

    [Fact]
    public void Failed_elements_of_a_map_in_flight_are_counted()
    {
        Session.Set("Manifest", Repository.Manifest);
        Gives(
            "1 1 running, 1 of 3 failed",
            """
            $d = New-Dag d -Module $Manifest { Add-DagNode a { 1..3 }
                Add-DagNode m -After a -AllowFailure 1 -ThrottleLimit 1 -Map {
                    if ($_ -eq 1) { throw 'no' }
                    $most = [DateTime]::UtcNow.AddMinutes(5)
                    do { $run = Get-DagRun -DatabasePath $using:Database } until ($run.ErrorCount -or [DateTime]::UtcNow -gt $most)
                    $map = $run.Nodes['m']
                    "$($run.ErrorCount) $($map.ErrorCount) $([Lythonic.Dag.Internal.DagText]::Status($map, $false, $null))"
                } }
            (Invoke-Dag $d -WarningAction Ignore).Outputs['m'][0]
            """);
    }
}
