using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

public sealed class RestartDagRunTests : ModuleTest
{
    private const string Mended =
        """
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }; Add-DagNode b { param($x) throw 'no' } -After a }
        $r = Invoke-Dag $d -ErrorAction SilentlyContinue
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }; Add-DagNode b { param($x) $x + 1 } -After a }

        """;

    [Fact]
    public void A_failed_run_goes_on_to_its_end() => Gives(
        "completed",
        Mended + """
        (Restart-DagRun $r.RunId -Dag $d).Status
        """);

    [Fact]
    public void A_completed_node_is_not_run_again() => Gives(
        "a",
        Mended + """
        $null = Restart-DagRun $r.RunId -Dag $d; [Tests.Ran]::Sorted($Folder)
        """);

    [Fact]
    public void The_stored_output_of_a_completed_node_is_used() => Gives(
        "2",
        Mended + """
        (Restart-DagRun $r.RunId -Dag $d).Outputs['b']
        """);

    [Fact]
    public void The_run_keeps_its_id() => Gives(
        "True",
        Mended + """
        (Restart-DagRun $r.RunId -Dag $d).RunId -eq $r.RunId
        """);

    [Fact]
    public void A_node_that_runs_again_counts_its_attempts() => Gives(
        "2",
        Mended + """
        ((Restart-DagRun $r.RunId -Dag $d).Nodes | Where-Object Label -eq b).Attempt
        """);

    [Fact]
    public void The_DAG_of_this_session_is_used_when_none_is_given() => Gives(
        "completed",
        Mended + """
        (Restart-DagRun $r.RunId).Status
        """);

    [Fact]
    public void A_run_from_the_pipeline_is_restarted() => Gives(
        "completed",
        Mended + """
        ($r | Restart-DagRun -Dag $d).Status
        """);

    [Fact]
    public void A_run_that_is_completed_cannot_be_restarted() => FailsWith(
        "DagRunNotRestartable",
        "$r = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag; Restart-DagRun $r.RunId", "completed");

    [Fact]
    public void A_run_that_is_not_there_is_an_error() => FailsWith(
        "DagRunNotFound",
        "$d = New-Dag d { Add-DagNode a { 1 } }; Restart-DagRun 00000000-0000-0000-0000-000000000000 -Dag $d", "00000000");

    [Fact]
    public void A_completed_node_whose_code_changed_is_an_error_that_names_it() => FailsWith(
        "DagDefinitionChanged",
        """
        $d = New-Dag d { Add-DagNode first { 1 }; Add-DagNode b { param($x) throw 'no' } -After first }
        $r = Invoke-Dag $d -ErrorAction SilentlyContinue
        $d = New-Dag d { Add-DagNode first { 2 }; Add-DagNode b { param($x) $x } -After first }
        $Error.Clear(); Restart-DagRun $r.RunId -Dag $d
        """, "first");

    [Fact]
    public void Force_keeps_the_stored_output_of_a_node_that_changed() => Gives(
        "1",
        """
        $d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { param($x) throw 'no' } -After a }
        $r = Invoke-Dag $d -ErrorAction SilentlyContinue
        $d = New-Dag d { Add-DagNode a { 2 }; Add-DagNode b { param($x) $x } -After a }
        (Restart-DagRun $r.RunId -Dag $d -Force).Outputs['b']
        """);

    [Fact]
    public void A_run_without_provenance_cannot_be_restarted() => FailsWith(
        "DagProvenanceRequired",
        "$d = New-Dag d { Add-DagNode a { 1 } }; Restart-DagRun some-run -Dag $d -NoProvenance",
        "leave -NoProvenance out");

    [Fact]
    public void A_restart_that_fails_again_stays_failed() => Gives(
        "failed",
        """
        $d = New-Dag d { Add-DagNode a { throw 'no' } }
        $r = Invoke-Dag $d -ErrorAction SilentlyContinue; (Restart-DagRun $r.RunId -Dag $d -ErrorAction SilentlyContinue).Status
        """);

    [Theory]
    [InlineData("$r.RunId.Substring(0, 12)")]
    [InlineData("$r.RunId.ToUpperInvariant()")]
    [InlineData("$r")]
    public void A_prefix_an_id_of_either_case_or_the_run_itself_is_enough(string id) => Gives(
        "5",
            $"$r = New-Dag d {{ Add-DagNode a {{ throw 'no' }} }} | Invoke-Dag -ErrorAction SilentlyContinue; "
            + $"$null = New-Dag d {{ Add-DagNode a {{ 5 }} }}; (Restart-DagRun {id}).Outputs['a']");

    [Theory]
    [InlineData("{ param($x) $x } -Parameter @{ x = 2 }", "")]
    [InlineData("{ param($x)  $x } -Parameter @{ x = 1 }", "")]
    [InlineData("{ param($x) $x } -Parameter @{ x = 1 } -OutputType ([string])", "")]
    [InlineData("{ param($x) $x } -Parameter @{ x = 1 } -After z", "Add-DagNode z { 0 }; ")]
    public void A_change_of_code_parameters_type_or_edges_of_a_completed_node_is_an_error(string node, string before) => FailsWith(
        "DagDefinitionChanged",
        $$"""
        $r = New-Dag d { {{before}}Add-DagNode first { param($x) $x } -Parameter @{ x = 1 }; Add-DagNode b { throw 'no' } -After first } |
            Invoke-Dag -ErrorAction SilentlyContinue; $Error.Clear()
        $d = New-Dag d { {{before}}Add-DagNode first {{node}}; Add-DagNode b { 1 } -After first }; Restart-DagRun $r.RunId
        """, "first");

    [Fact]
    public void Another_value_of_a_using_variable_is_no_change_of_a_completed_node() => Gives(
        "1",
        """
        $v = 1; $r = New-Dag d { Add-DagNode a { $using:v }; Add-DagNode b { throw 'no' } -After a } |
            Invoke-Dag -ErrorAction SilentlyContinue
        $v = 2; $null = New-Dag d { Add-DagNode a { $using:v }; Add-DagNode b { $_ } -After a }; (Restart-DagRun $r.RunId).Outputs['b']
        """);

    [Fact]
    public void A_completed_element_of_a_map_whose_code_changed_is_an_error_that_names_it_and_is_kept_by_force()
    {
        const string Script = """
            $r = New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -After a -Map { if ($_ -eq 2) { throw 'no' }; "old $_" } } |
                Invoke-Dag -ErrorAction SilentlyContinue -ThrottleLimit 1; $Error.Clear()
            $d = New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -After a -Map { "new $_" } }; Restart-DagRun $r.RunId
            """;
        FailsWith("DagDefinitionChanged", Script, "m[0]");
        Gives("old 1,new 2", "(Restart-DagRun $r.RunId -Force).Outputs['m'] -join ','");
    }

    [Fact]
    public void A_mended_By_is_asked_again_for_what_has_not_completed() => Gives(
        "failed 2 low 1,high 2",
        """
        $branches = @{ low = { "low $_" }; high = { "high $_" } }
        $r = New-Dag d { Add-DagNode a { 1, 2 };
            Add-DagNode m -Map $branches -By { if ($_ -eq 2) { 'nowhere' } else { 'low' } } -After a } |
            Invoke-Dag -ErrorAction SilentlyContinue -ThrottleLimit 1
        $null = New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -Map $branches -By { if ($_ -eq 2) { 'high' } else { 'low' } } -After a }
        "$($r.Status) $($r.Nodes['m'].ChildRuns.Count) $((Restart-DagRun $r.RunId).Outputs['m'] -join ',')"
        """);

    [Fact]
    public void A_completed_node_that_is_gone_is_an_error_that_names_it() => FailsWith(
        "DagDefinitionChanged",
        "$r = New-Dag d { Add-DagNode gone { 1 }; Add-DagNode b { throw 'no' } } | "
        + "Invoke-Dag -ThrottleLimit 1 -ErrorAction SilentlyContinue; $Error.Clear(); $null = New-Dag d { Add-DagNode b { 1 } }; "
        + "Restart-DagRun $r.RunId",
        "gone");

    [Fact]
    public void A_node_that_is_new_runs() => Gives(
        "3",
        "$r = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { throw 'no' } -After a } | Invoke-Dag -ErrorAction SilentlyContinue; "
        + "$null = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 2 } -After a; Add-DagNode c { $_ + 1 } -After b }; "
        + "(Restart-DagRun $r.RunId).Outputs['c']");

    [Fact]
    public void Stored_source_input_is_used_and_what_is_given_now_wins() => Gives(
        "a2",
        "$r = New-Dag d { Add-DagNode a { param($x, $y) if ($y -eq 1) { throw 'no' }; \"$x$y\" } } | Invoke-Dag -SourceInput @{ x = 'a'; "
        + "y = 1 } -ErrorAction SilentlyContinue; (Restart-DagRun $r.RunId -SourceInput @{ y = 2 }).Outputs['a']");

    [Fact]
    public void Source_input_of_a_restart_is_stored_for_the_next_one_in_another_session()
    {
        const string Nodes =
            "$d = New-Dag d { Add-DagNode a { param($x, $y) if ($y -lt 3) { throw 'no' }; \"$x$y\" }; "
            + "Add-DagNode b { param($z) if ($z -ne 'ok') { throw 'no' } } -After a }; ";
        Session.Run(Nodes + """
            $r = Invoke-Dag $d -SourceInput @{ a = @{ x = 'a'; y = 1 }; b = @{ z = 'no' } } -ErrorAction SilentlyContinue
            $null = Restart-DagRun $r.RunId -SourceInput @{ a = @{ y = 3 } } -ErrorAction SilentlyContinue
            """).Sound();

        GivesInNewSession("a3 completed",
            Nodes + "$r = Restart-DagRun (Get-DagRun).RunId -SourceInput @{ b = @{ z = 'ok' } }; \"$($r.Nodes[0].Output) $($r.Status)\"");
        GivesInNewSession("a 3 ok", "$i = (Get-DagRun).SourceInput; \"$($i.a.x) $($i.a.y) $($i.b.z)\"");
    }

    [Fact]
    public void Source_input_that_names_a_parameter_of_a_node_with_upstreams_says_how_to_write_it()
    {
        Session.Run(
            "$r = New-Dag d { Add-DagNode a { param($x) 1 }; Add-DagNode b { param($Approved, $a) $DagContext.Pause('wait') } -After a } "
            + "| Invoke-Dag -WarningAction Ignore").Sound();

        FailsWith(
            "DagSourceInputUnknown", "Restart-DagRun $r.RunId -SourceInput @{ approved = $true }",
            "The node 'b' has this parameter: write @{ b = @{ Approved = … } }.");
    }

    [Fact]
    public void Source_input_of_a_restart_that_is_refused_is_not_stored()
    {
        Session.Run(
            "$r = New-Dag d { Add-DagNode a { param($x) throw 'no' } } | Invoke-Dag -SourceInput @{ x = 1 } -ErrorAction SilentlyContinue; "
            + "$Error.Clear()").Sound();

        FailsWith("DagSourceInputUnknown", "Restart-DagRun $r.RunId -SourceInput @{ x = 2; y = 3 } -Tag late");
        GivesInNewSession("1 0", "$r = Get-DagRun; \"$($r.SourceInput.x) $($r.Tag.Count)\"");
    }

    [Theory]
    [InlineData("-Tag first", "-Tag second, FIRST", "first,second")]
    [InlineData("-Tag first", "", "first")]
    [InlineData("", "-Tag second", "second")]
    public void Tags_of_a_restart_are_added_to_those_of_the_run(string before, string now, string tags)
    {
        Gives(tags,
            $"$r = New-Dag d {{ Add-DagNode a {{ throw 'no' }} }} | Invoke-Dag {before} -ErrorAction SilentlyContinue; "
            + $"$null = New-Dag d {{ Add-DagNode a {{ 5 }} }}; (Restart-DagRun $r.RunId {now}).Tag -join ','");
        GivesInNewSession("5", $"(Get-DagRun -Tag {tags.Split(',')[^1]}).Outputs['a']");
    }

    [Fact]
    public void Without_a_DAG_of_the_name_in_this_session_one_has_to_be_given()
    {
        Session.Run("$null = New-Dag unheard { Add-DagNode a { throw 'no' } } | Invoke-Dag -ErrorAction SilentlyContinue").Sound();
        using var other = new ModuleSession(Session.Database);

        var error = other.Run("Restart-DagRun (Get-DagRun).RunId").AllErrors.First();

        Assert.Contains("unheard", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("-Dag", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void The_latest_DAG_of_the_name_is_used_whatever_its_case() => Gives(
        "2",
            "$r = New-Dag Nightly { Add-DagNode a { throw 'no' } } | Invoke-Dag -ErrorAction SilentlyContinue; "
            + "$null = New-Dag nightly { Add-DagNode a { 1 } }; $null = New-Dag NIGHTLY { Add-DagNode a { 2 } }; "
            + "(Restart-DagRun $r.RunId).Outputs['a']");

    [Fact]
    public void A_sub_run_is_not_restarted_alone() => FailsWith(
        "DagRunNotRestartable",
            "$null = New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -Map { $_ } -After a } | Invoke-Dag; "
            + "Restart-DagRun (Get-DagRun -IncludeChild | Where-Object ParentRunId)[0].RunId");

    [Fact]
    public void Reused_nodes_of_a_replay_are_not_run_again() => Gives(
        "b",
        """
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 };
            Add-DagNode b { [Tests.Ran]::Node($using:Folder, 'b'); if (-not [IO.File]::Exists("$using:Folder/go")) { throw 'no' };
            $_ } -After a }
        $r = Invoke-Dag $d -ErrorAction SilentlyContinue; $p = Invoke-DagReplay $r.RunId b -ErrorAction SilentlyContinue
        [Tests.Ran]::Clear($Folder); [IO.File]::WriteAllText("$Folder/go", ''); $null = Restart-DagRun $p.RunId;
            [Tests.Ran]::Sorted($Folder)
        """);

    [Fact]
    public void A_node_whose_label_is_written_in_another_case_is_the_same_node() => Gives(
        "A completed 1, b completed 2 | A,b",
        """
        $r = New-Dag d { Add-DagNode A { 1 }; Add-DagNode b { param($x) throw 'no' } -After A } | Invoke-Dag -ErrorAction SilentlyContinue
        $again = Restart-DagRun $r.RunId -Dag (New-Dag D { Add-DagNode a { 1 }; Add-DagNode B { param($x) $x + 1 } -After a })
        $nodes = @($again.Nodes | ForEach-Object { "$($_.Label) $($_.Status) $($_.Attempt)" }) -join ', '
        "$nodes | $(@((Get-DagRun $r.RunId).Nodes.Label) -join ',')"
        """);

    [Fact]
    public void A_composite_node_whose_label_is_written_in_another_case_has_each_sub_run_once()
    {
        const string Script = """
            $r = New-Dag d { Add-DagNode s { 1, 2 }; Add-DagNode m -After s -Map (New-Dag inner { Add-DagNode x { param($e) $e };
                Add-DagNode y -After x { param($e) if ($e -eq 2 -and $DagContext.Attempt -eq 1) { throw 'no' }; $e } }) } |
                Invoke-Dag -ErrorAction SilentlyContinue -ThrottleLimit 1
            $again = Restart-DagRun $r.RunId -Dag (New-Dag d { Add-DagNode S { 1, 2 };
                Add-DagNode M -After S -Map (New-Dag Inner { Add-DagNode X { param($e) $e };
                Add-DagNode Y -After X { param($e) if ($e -eq 2 -and $DagContext.Attempt -eq 1) { throw 'no' }; $e } }) })
            $inner = @($again.Nodes[1].ChildRuns[1].Nodes | ForEach-Object { "$($_.Label)$($_.Attempt)" }) -join ','
            "$($again.Status) $(@($again.Nodes.Label) -join ',') $($again.Nodes[1].ChildRuns.Count) $inner"
            """;
        Gives("completed s,m 2 x1,y2", Script);
        Assert.Equal("m\ns\nx\ny",
            StoreReader.Query(Session.Database, "SELECT DISTINCT node_label FROM node_executions ORDER BY node_label"));
        Assert.Equal("s|m\nx|y",
            StoreReader.Query(Session.Database, "SELECT DISTINCT upstream_label, downstream_label FROM edge_traversals ORDER BY 1"));
    }

    [Theory]
    [InlineData("Restart-DagRun $r.RunId -Dag $other")]
    [InlineData("Restart-DagRun $r.RunId -Dag $other -WhatIf")]
    [InlineData("Invoke-DagReplay $r.RunId a -Dag $other")]
    public void A_DAG_of_another_name_is_refused(string command)
    {
        var error = FailsWith("DagDefinitionChanged",
            $"$r = New-Dag mine {{ Add-DagNode a {{ throw 'no' }} }} | Invoke-Dag -ErrorAction SilentlyContinue; "
            + $"$other = New-Dag other {{ Add-DagNode a {{ 2 }} }}; {command}", "mine", "other");

        Assert.Contains("is a run of another DAG: 'mine'", error.Exception.Message, StringComparison.Ordinal);
        Assert.StartsWith("Give the DAG", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Gives("1 a", "$r = Get-DagRun; \"$(@($r).Count) $($r.Nodes.Label)\"");
    }

    [Fact]
    public void A_DAG_of_another_name_is_taken_by_force() => Gives(
        "2",
            "$r = New-Dag mine { Add-DagNode a { throw 'no' } } | Invoke-Dag -ErrorAction SilentlyContinue; "
            + "(Restart-DagRun $r.RunId -Dag (New-Dag other { Add-DagNode a { 2 } }) -Force).Outputs['a']");

    [Fact]
    public void Verbose_lines_count_only_attempts_that_ran_the_node()
    {
        var lines = Session.Run(
            "$d = New-Dag d { Add-DagNode a { if ($DagContext.Attempt -eq 1) { throw 'no' }; 1 }; Add-DagNode b -After a { 2 } }; "
            + "$r = Invoke-Dag $d -ContinueOnFailure -ErrorAction Ignore; $null = Restart-DagRun $r.RunId -Verbose; $r = Get-DagRun; "
            + "\"$($r.Nodes['b'].Attempt) $([Lythonic.Dag.Internal.DagLines]::Tries($r.Nodes['b']))\"");

        Assert.Equal("2 1", lines.Text);
        Assert.Contains("[a] Starts, attempt 2.", lines.Verbose.Select(line => line.Message));
        Assert.Contains("[b] Starts, attempt 1.", lines.Verbose.Select(line => line.Message));
    }

    [Theory]
    [InlineData("$r.Duration.TotalHours -lt 1", "True")]
    [InlineData("(Get-DagRun $r).Duration.TotalHours -lt 1", "True")]
    [InlineData("($r | Format-List Duration | Out-String) -match '2 d 0 h'", "False")]
    [InlineData("($r | Out-String) -match '2 d 0 h'", "False")]
    [InlineData("($r | Export-Dag -As Html) -match '<dt>Duration</dt><dd><span class=.time.>2 d'", "False")]
    [InlineData("($r | Export-Dag -As Html) -match '<span class=.time.>2 d 0 h</span> before it was restarted'", "True")]
    [InlineData("(($d | Invoke-Dag), $r | Export-Dag -As Html) -match '2 d 0 h'", "False")]
    [InlineData("(Compare-DagRun $r $r -IncludeEqual | Export-Dag -As Html) -match '2 d 0 h'", "False")]
    [InlineData("[bool]($r | Watch-DagRun -Plain 6>&1 | Where-Object { $_ -match '2 d 0 h' })", "False")]
    public void The_time_between_a_stop_and_a_restart_is_not_part_of_the_duration(string line, string expected)
    {
        Session.Run(Mended).Sound();
        StoreReader.Execute(
            Session.Database, "UPDATE run SET started_at = started_at - 172800, finished_at = finished_at - 172800");

        Gives(expected, $"$r = Restart-DagRun $r.RunId -Dag $d; {line}");
    }
}
