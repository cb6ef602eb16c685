using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

public sealed class PipelineTests : ModuleTest
{
    [Theory]
    [InlineData("New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $Database | ForEach-Object Status", "completed")]
    [InlineData("(New-Dag d { Add-DagNode a { } } | Invoke-Dag -NoProvenance).Outputs['a'] -eq $null", "True")]
    [InlineData("(New-Dag d { Add-DagNode a { 7 } } | Invoke-Dag -NoProvenance).Outputs['A']", "7")]
    [InlineData("(New-Dag d { Add-DagNode a { 1; 2 } } | Invoke-Dag -NoProvenance).Outputs['a'].GetType().Name", "Object[]")]
    [InlineData("(New-Dag d { Add-DagNode a { '5' } -OutputType ([int]) } | Invoke-Dag -NoProvenance).Outputs['a'].GetType().Name",
        "Int32")]
    [InlineData("(New-Dag d { Add-DagNode a { 1 } -OutputType ([int[]]) } | Invoke-Dag -NoProvenance).Outputs['a'].GetType().Name",
        "Int32[]")]
    [InlineData("(New-Dag d { Add-DagNode a { 3 }; Add-DagNode b { $_ + 1 } -After a } | Invoke-Dag -NoProvenance).Outputs['b']", "4")]
    [InlineData(
        "(New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode c { \"$_\" } -After b, a } | "
        + "Invoke-Dag -NoProvenance).Outputs['c']", "2 1")]
    [InlineData("$x = 8; $d = New-Dag d { Add-DagNode a { & { $using:x } } }; $x = 9; ($d | Invoke-Dag -NoProvenance).Outputs['a']", "8")]
    [InlineData("(New-Dag d { Add-DagNode a { $DagContext.NodeLabel + $DagContext.DagName } } | Invoke-Dag -NoProvenance).Outputs['a']",
        "ad")]
    [InlineData(
        "(New-Dag d { Add-DagNode a { param([Lythonic.Dag.DagContext]$c, $x = 4) \"$($c.Attempt) $x\" } } | "
        + "Invoke-Dag -NoProvenance).Outputs['a']", "1 4")]
    [InlineData("(New-Dag d -Variable @{ v = 3 } { Add-DagNode a { $v } } | Invoke-Dag -NoProvenance).Outputs['a']", "3")]
    [InlineData(
        "function F($x) { \"f$x\" }; function G { F 2 }; (New-Dag d { Add-DagNode a { G } } | Invoke-Dag -NoProvenance).Outputs['a']",
        "f2")]
    [InlineData(
        "(New-Dag d { Add-DagNode a { -3 } -OutputType ([int]); Add-DagNode b -Method ([Math]::Abs) -After a } | "
        + "Invoke-Dag -NoProvenance).Outputs['b']", "3")]
    [InlineData(
        "(New-Dag d { Add-DagNode a -Method 'System.IO.Path::GetFileName' } | Invoke-Dag -NoProvenance -SourceInput @{ a = @{ path = "
        + "'/x/y' } }).Outputs['a']", "y")]
    [InlineData(
        "(New-Dag d { Add-DagNode a -Method ([Func[int,int]]{ param($x) $x + 1 }) -Parameter @{ arg = 4 } -Inline } | "
        + "Invoke-Dag -NoProvenance).Outputs['a']", "5")]
    [InlineData(
        "(New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -Map { param($x) $x * 2 } -After a } | "
        + "Invoke-Dag -NoProvenance).Outputs['m'] -join ' '", "2 4")]
    [InlineData("(New-Dag d { Add-DagNode a { @() }; Add-DagNode m -Map { 1 } -After a } | Invoke-Dag -NoProvenance).Outputs['m'].Count",
        "0")]
    [InlineData(
        "(New-Dag d { Add-DagNode a { 5 }; Add-DagNode m -Map { $_ } -After a } | Invoke-Dag -NoProvenance).Outputs['m'].GetType().Name",
        "Object[]")]
    [InlineData(
        "(New-Dag d { Add-DagNode a { [ordered]@{ x = 1; y = 2 } }; Add-DagNode m -Map { $_ + 1 } -After a } | "
        + "Invoke-Dag -NoProvenance).Outputs['m'].Keys -join ' '", "x y")]
    [InlineData(
        "(New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -Map { 1..$_ } -Flatten -After a } | "
        + "Invoke-Dag -NoProvenance).Outputs['m'] -join ' '", "1 1 2")]
    [InlineData(
        "$s = New-Dag s { Add-DagNode i { $_ * 3 } }; (New-Dag d { Add-DagNode a { 2 }; "
        + "Add-DagNode c -Call $s -After a } | Invoke-Dag -NoProvenance).Outputs['c']", "6")]
    [InlineData(
        "(New-Dag d { Add-DagNode a { 2 }; Add-DagNode s -Switch @{ odd = { 'o' }; "
        + "even = { \"e$_\" } } -By { ('even', 'odd')[$_ % 2] } -After a } | Invoke-Dag -NoProvenance).Outputs['s']", "e2")]
    [InlineData(
        "(New-Dag d { Add-DagNode a { 2 }; Add-DagNode s -Switch @{ default = { 'd' } } -By { 'none' } -After a } | "
        + "Invoke-Dag -NoProvenance).Outputs['s']", "d")]
    [InlineData(
        "(New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -Map @{ o = { 'o' }; "
        + "e = { 'e' } } -By { ('e', 'o')[$_ % 2] } -After a } | Invoke-Dag -NoProvenance).Outputs['m'] -join ''", "oe")]
    [InlineData("(New-Dag d { Add-DagNode a { param($x) $x } } | Invoke-Dag -NoProvenance -Inputs @{ X = 'in' }).Outputs['a']", "in")]
    [InlineData("(New-Dag d { Add-DagNode a { $_ } } | Invoke-Dag -NoProvenance -SourceInput @{ a = 6 }).Outputs['a']", "6")]
    [InlineData("$y = 5; function Get-Y { $y }; (New-Dag d { Add-DagNode a { Get-Y } -Inline } | Invoke-Dag -NoProvenance).Outputs['a']",
        "5")]
    [InlineData(
        "(New-Dag d { Add-DagNode a { param($x) \"real $x\" } -Parameter @{ x = 1 } } | "
        + "Invoke-Dag -NoProvenance -Override @{ a = { param($x) \"fake $x\" } }).Outputs['a']", "fake 1")]
    [InlineData(
        "New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { param([int]$x) $x * 3 } -After a } | "
        + "Invoke-DagNode -Name b -Parameter @{ x = '4' }", "12")]
    [InlineData(
        "New-Dag d { Add-DagNode a { 1 }; Add-DagNode m -Map { $_ + 1 } -After a } | Invoke-DagNode -Name m -Parameter @{ _ = 1, 2 } | "
        + "ForEach-Object { \"$_\" }", "2 3")]
    [InlineData(
        "$d = New-Dag d; ($d | Add-DagNode a { 1 } -PassThru | Add-DagNode b { $_ } -PassThru | Connect-DagNode a b -PassThru).Edges.Count",
        "1")]
    [InlineData("New-Dag d { Add-DagNode a { 1 } } | Test-Dag", "")]
    public void A_script_gives(string script, string expected) => Gives(expected, script);

    [Theory]
    [InlineData("New-Dag d { Add-DagNode a { 1 }; Add-DagNode A { 2 } }", "DagNodeDuplicate")]
    [InlineData("New-Dag d { Add-DagNode a { 1 } -After nope }", "DagNodeNotFound")]
    [InlineData("New-Dag d { Add-DagNode a { 1 }; Connect-DagNode a z }", "DagNodeNotFound")]
    [InlineData("New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 1 }; Add-DagNode m -Map { 1 } -After a, b }", "DagCompositeUpstream")]
    [InlineData(
        "$s = New-Dag s { Add-DagNode x { 1 }; Add-DagNode y { 2 } }; New-Dag d { Add-DagNode a { 1 }; Add-DagNode c -Call $s -After a }",
        "DagSubDagShape")]
    [InlineData("New-Dag d { Add-DagNode a -Method 'No.Such::Thing' }", "DagMethodAmbiguous")]
    [InlineData("Add-DagNode a { 1 }", "DagInputMissing")]
    [InlineData("New-Dag d { Add-DagNode a { param([Parameter(Mandatory)]$x) $x } } | Invoke-Dag -DatabasePath $Database",
        "DagInputMissing")]
    [InlineData(
        "New-Dag d { Add-DagNode a { 1 } -OutputType ([int]); Add-DagNode b { 2 } -OutputType ([int]); "
        + "Add-DagNode c { param([int]$x) $x } -After a, b } | Invoke-Dag -DatabasePath $Database", "DagInputAmbiguous")]
    [InlineData("New-Dag d { Add-DagNode a { param([int]$x) $x } } | Invoke-Dag -SourceInput @{ x = 'no number' } -DatabasePath $Database",
        "DagTypeMismatch")]
    [InlineData("New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag -SourceInput @{ nope = 1 } -DatabasePath $Database",
        "DagSourceInputUnknown")]
    [InlineData(
        "New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { $_ } -After a; Connect-DagNode b a } | Invoke-Dag -DatabasePath $Database",
        "DagCycle")]
    [InlineData("New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag -Override @{ z = { 1 } } -DatabasePath $Database", "DagNodeNotFound")]
    [InlineData("Restart-DagRun 0000 -DatabasePath $Database", "DagRunNotFound")]
    [InlineData("Get-DagRun 0000 -DatabasePath $Database", "DagRunNotFound")]
    [InlineData("Restart-DagRun x -NoProvenance", "DagProvenanceRequired")]
    public void Bad_input_is_refused_and_makes_no_database(string script, string id)
    {
        FailsWith(id, script);
        Assert.False(File.Exists(Session.Database));
    }

    [Fact]
    public void A_failed_run_is_written_with_one_error_that_holds_the_nodes_own()
    {
        var recording = Session.Run(
            "New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { throw [InvalidOperationException]'no' } -After a; "
            + "Add-DagNode c { 3 } -After b } | Invoke-Dag -DatabasePath $Database");

        Assert.Equal("failed", recording.Output[0]!.Properties["Status"].Value);
        Assert.Equal("b", recording.Output[0]!.Properties["FailedNode"].Value);
        Assert.Equal("DagNodeFailed", recording.Errors[0].FullyQualifiedErrorId.Split(',')[0]);
        Assert.IsType<InvalidOperationException>(recording.Errors[0].Exception.InnerException);
        Assert.Contains("throw", ((System.Management.Automation.RuntimeException)recording.Errors[0].Exception)
            .ErrorRecord.InvocationInfo.Line, StringComparison.Ordinal);
    }

    [Fact]
    public void ErrorAction_Stop_makes_the_failure_terminating() =>
        Gives("caught",
            "try { $null = New-Dag d { Add-DagNode a { throw 'no' } } | Invoke-Dag -NoProvenance -ErrorAction Stop } catch { 'caught' }");

    [Fact]
    public void A_pause_in_a_node_pauses_the_run_and_a_restart_goes_on()
    {
        Session.Run("""
            $dag = New-Dag d { Add-DagNode a { 1 };
                Add-DagNode gate { if (-not $DagContext.Attempt -or $DagContext.Attempt -eq 1) { $DagContext.Pause('wait') };
                'through' } -After a }
            $paused = $dag | Invoke-Dag -DatabasePath $Database
            """);

        Gives("paused\nwait", "$paused.Status; $paused.Error");
        Gives("completed\nthrough\n2",
            "$run = $paused | Restart-DagRun; $run.Status; $run.Outputs['gate']; ($run.Nodes | Where-Object Label -eq gate).Attempt");
    }

    [Fact]
    public void A_replay_is_a_new_run_that_names_the_old_one()
    {
        var text = Session.Run("""
            $run = New-Dag d { Add-DagNode a { [guid]::NewGuid().ToString() }; Add-DagNode b { param($a) "b $a" } -After a } |
                Invoke-Dag -DatabasePath $Database
            $again = Invoke-DagReplay $run.RunId -Node b -DatabasePath $Database
            $again.ReplayedFrom -eq $run.RunId; $again.RunId -ne $run.RunId; $again.Outputs['b'] -eq $run.Outputs['b'];
                ($again.Nodes | Where-Object Label -eq a).Status
            """).Sound().Text.Replace('\n', ',');

        Assert.Equal("True,True,True,skipped", text);
    }

    [Fact]
    public void WhatIf_prints_the_plan_and_runs_nothing()
    {
        var recording = Session.Run("New-Dag d { Add-DagNode a { throw 'ran' } } | Invoke-Dag -DatabasePath $Database -WhatIf");

        Assert.Empty(recording.Errors);
        Assert.Empty(recording.Output);
        Assert.False(File.Exists(Session.Database));
    }

    [Fact]
    public void Streams_of_nodes_reach_the_caller_and_are_kept()
    {
        var recording = Session.Run("""
            $node = { [CmdletBinding()] param() $PSCmdlet.WriteWarning('careful'); $PSCmdlet.WriteVerbose('detail'); 1 }
            $run = New-Dag d { Add-DagNode a $node } | Invoke-Dag -DatabasePath $Database -Verbose
            $run.Nodes[0].Messages.Stream -join ' '
            """);

        Assert.Equal("[a] careful", Assert.Single(recording.Warnings).Message);
        Assert.Contains("[a] detail", recording.Verbose.Select(record => record.Message));
        Assert.Equal("warning verbose", recording.Sound().Text);
    }

    [Fact]
    public void The_database_is_readable_by_its_relations()
    {
        var text = Session.Run("""
            $run = New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -Map { param($x) $x + 1 } -After a } |
                Invoke-Dag -DatabasePath $Database
            (Get-DagRun -DatabasePath $Database).Outputs['m'] -join ' '
            (Get-DagRun -DatabasePath $Database -IncludeChild).DagName -join ' '
            $run.Nodes[1].ChildRuns.DagName -join ' '
            """).Sound().Text.Replace('\n', ',');

        Assert.Equal("2 3,d/m[1] d/m[0] d,d/m[0] d/m[1]", text);
    }

    [Fact]
    public void Removing_runs_leaves_the_last_ones()
    {
        var text = Session.Run("""
            $dag = New-Dag d { Add-DagNode a { 1 } }
            $ids = foreach ($i in 1..4) { ($dag | Invoke-Dag -DatabasePath $Database).RunId }
            Remove-DagRun -KeepLast 2 -DatabasePath $Database -Confirm:$false
            (Get-DagRun -DatabasePath $Database).RunId -join ' ' -eq "$($ids[3]) $($ids[2])"
            """).Sound().Text.Replace('\n', ',');

        Assert.Equal("True", text);
    }

    [Fact]
    public void Many_calls_over_eight_workers_give_every_result_once()
    {
        var text = Session.Run("""
            $run = New-Dag d { Add-DagNode a { 1..10000 } -OutputType ([int[]]); Add-DagNode m -Map { param([int]$x) $x * 2 } -After a } |
                Invoke-Dag -NoProvenance -ThrottleLimit 8
            $bad = 0
            foreach ($i in 0..9999) { if ($run.Outputs['m'][$i] -ne 2 * ($i + 1)) { $bad++ } }
            "$($run.Status) $bad $($run.Outputs['m'].Count)"
            """).Sound().Text.Replace('\n', ',');

        Assert.Equal("completed 0 10000", text);
    }
}
