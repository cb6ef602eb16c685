using System.Management.Automation;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class FailureTests : ModuleTest
{
    private const string Failing =
        """
        $d = New-Dag d {
            Add-DagNode a {
                throw [InvalidOperationException]'boom'
            }
        }

        """;

    [Fact]
    public void The_run_is_written_and_there_is_one_error()
    {
        var result = Session.Run(Failing + "Invoke-Dag $d");

        Assert.Single(result.Output);
        Assert.Single(result.Errors);
        Assert.Null(result.TerminatingError);
    }

    [Fact]
    public void The_error_is_once_among_the_errors_of_the_session() => Gives(
        "1 DagNodeFailed", Failing
            + "$null = Invoke-Dag $d -ErrorAction SilentlyContinue; \"$($Error.Count) $($Error[0].FullyQualifiedErrorId.Split(',')[0])\"");

    [Fact]
    public void The_error_is_at_the_line_of_the_node() => Assert.Equal(
        (3, "throw [InvalidOperationException]'boom'"), PlaceOf(Error().InvocationInfo));

    [Fact]
    public void The_position_message_shows_the_line_of_the_node() =>
        Assert.Contains("throw [InvalidOperationException]'boom'", Error().InvocationInfo.PositionMessage, StringComparison.Ordinal);

    [Fact]
    public void The_error_carries_the_record_of_the_node_with_its_place() => Assert.Equal(
        (3, "throw [InvalidOperationException]'boom'"), PlaceOf(((RuntimeException)Error().Exception).ErrorRecord.InvocationInfo));

    [Fact]
    public void The_exception_of_the_node_is_inside() => Assert.IsType<InvalidOperationException>(Error().Exception.InnerException);

    [Fact]
    public void The_target_is_the_label_of_the_node() => Assert.Equal("a", Error().TargetObject);

    [Fact]
    public void The_recommended_action_restarts_the_run() => Gives(
        "True", Failing +
            "$r = Invoke-Dag $d -ErrorAction SilentlyContinue -ErrorVariable e; "
            + "$e[0].ErrorDetails.RecommendedAction.EndsWith(\"Restart-DagRun $($r.RunId.Substring(0, 8)) -DatabasePath '$Database'\")");

    [Fact]
    public void A_run_that_is_not_kept_recommends_no_restart() => Gives(
        "False", Failing +
            "$null = Invoke-Dag $d -NoProvenance -ErrorAction SilentlyContinue -ErrorVariable e; "
            + "$e[0].ErrorDetails.RecommendedAction.Contains('Restart')");

    [Fact]
    public void A_node_in_a_file_fails_at_its_file_and_line()
    {
        var file = Session.Folder.Write("failing.ps1", Failing + "Invoke-Dag $d");

        var error = Session.RunFile(file).AllErrors.Single();

        Assert.Equal((file, 3), (error.InvocationInfo.ScriptName, error.InvocationInfo.ScriptLineNumber));
    }

    [Fact]
    public void The_error_of_a_node_in_a_sub_DAG_is_at_its_line()
    {
        var result = Session.Run(
            "$s = New-Dag s { Add-DagNode x {\nthrow 'deep' } }; New-Dag d { Add-DagNode a { 1 }; "
            + "Add-DagNode c -Call $s -After a } | Invoke-Dag");

        Assert.Equal(2, result.Errors.Single().InvocationInfo.ScriptLineNumber);
    }

    [Fact]
    public void An_argument_that_the_node_refuses_is_at_its_param_block()
    {
        var result = Session.Run(
            "New-Dag d { Add-DagNode a { param([ValidateSet('a', 'b')]$n) $n } } | Invoke-Dag -SourceInput @{ n = 'c' }");

        Assert.Contains("ValidateSet", result.Errors.Single().InvocationInfo.PositionMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void ErrorAction_Stop_is_caught_by_the_type_of_the_nodes_exception() => Gives(
        "caught", Failing + "try { $null = Invoke-Dag $d -ErrorAction Stop } catch [InvalidOperationException] { 'caught' }");

    [Fact]
    public void The_preference_Stop_makes_it_terminating() => Gives(
        "DagNodeFailed", Failing
            + "$ErrorActionPreference = 'Stop'; try { $null = Invoke-Dag $d } catch { $_.FullyQualifiedErrorId.Split(',')[0] }");

    [Fact]
    public void The_run_says_which_node_and_why() => Gives(
        "failed a boom", Failing + "$r = Invoke-Dag $d -ErrorAction SilentlyContinue; \"$($r.Status) $($r.FailedNode) $($r.Error)\"");

    [Fact]
    public void The_stored_run_says_which_node_and_why() => Gives(
        "failed a boom", Failing
            + "$null = Invoke-Dag $d -ErrorAction SilentlyContinue; $r = Get-DagRun; \"$($r.Status) $($r.FailedNode) $($r.Error)\"");

    [Fact]
    public void The_error_of_the_node_run_has_its_position() => Gives(
        "True", Failing +
            "$null = Invoke-Dag $d -ErrorAction SilentlyContinue; $e = (Get-DagRun).Nodes[0].Error; "
            + "$e.Contains('boom') -and $e.Contains('At line:3')");

    [Fact]
    public void A_failed_run_has_the_outputs_of_the_sinks_that_completed() => Gives(
        "e",
            "$r = New-Dag d { Add-DagNode e { 1 }; Add-DagNode a { throw 'no' } } | "
            + "Invoke-Dag -ThrottleLimit 1 -ErrorAction SilentlyContinue; $r.Outputs.Keys -join ','");

    [Fact]
    public void Nodes_in_flight_finish_and_are_recorded() => Gives(
        "failed completed",
        """
        $gate = [Threading.Barrier]::new(2)
        $d = New-Dag d { Add-DagNode a { $g = $using:gate; $null = $g.SignalAndWait(300000); throw 'no' };
            Add-DagNode b { $g = $using:gate; $null = $g.SignalAndWait(300000); 1 } }
        (Invoke-Dag $d -ThrottleLimit 2 -ErrorAction SilentlyContinue).Nodes.Status -join ' '
        """);

    [Theory]
    [InlineData("")]
    [InlineData("-NoProvenance")]
    public void Nodes_that_a_failure_kept_from_starting_are_upstream_failed_with_no_attempt(string how) => Gives(
        "a failed 1,b upstream_failed 0, Not run: 'a' failed. | {a failed, b upstream_failed}",
            "$run = New-Dag d { Add-DagNode a { throw 'no' }; Add-DagNode b { 1 } -After a } | "
            + $"Invoke-Dag -ErrorAction SilentlyContinue {how}; "
            + "$b = $run.Nodes['b']; \"$(@($run.Nodes | ForEach-Object { \"$($_.Label) $($_.Status) $($_.Attempt)\" }) -join ','), "
            + "$($b.StartedAt)$($b.Duration)$($b.Output)$($b.Error)$($b.Messages)$($b.ChildRuns) | {$(@($run.Nodes) -join ', ')}\"");

    [Fact]
    public void ContinueOnFailure_marks_all_that_lies_downstream_and_runs_the_rest() => Gives(
        "a=failed b=upstream_failed c=upstream_failed e=completed f=completed g=upstream_failed",
        """
        $d = New-Dag d { Add-DagNode a { throw 'no' }; Add-DagNode b { 1 } -After a; Add-DagNode c { 1 } -After b; Add-DagNode e { 2 };
            Add-DagNode f { $_ } -After e; Add-DagNode g { 1 } -After b, f }
        @((Invoke-Dag $d -ContinueOnFailure -ErrorAction SilentlyContinue).Nodes | ForEach-Object { "$($_.Label)=$($_.Status)" }) -join ' '
        """);

    [Fact]
    public void A_run_that_continued_is_failed_with_one_error() => Gives(
        "failed 1",
        "$r = New-Dag d { Add-DagNode a { throw 'one' }; Add-DagNode b { throw 'two' } } | "
        + "Invoke-Dag -ContinueOnFailure -ErrorAction SilentlyContinue -ErrorVariable e; \"$($r.Status) $($e.Count)\"");

    [Fact]
    public void A_restart_runs_what_was_upstream_failed() => Gives(
        "completed 2",
        """
        $d = New-Dag d { Add-DagNode a { if ($DagContext.Attempt -eq 1) { throw 'no' }; 1 }; Add-DagNode b { $_ + 1 } -After a }
        $r = Invoke-Dag $d -ContinueOnFailure -ErrorAction SilentlyContinue | Restart-DagRun; "$($r.Status) $($r.Outputs['b'])"
        """);

    [Theory]
    [InlineData("throw 'x'")]
    [InlineData("[int]::Parse('x')")]
    [InlineData("$ErrorActionPreference = 'Stop'; Get-Command nowhere-at-all")]
    [InlineData("nowhere-at-all")]
    [InlineData("1 / 0")]
    [InlineData("exit 3")]
    public void A_terminating_error_fails_the_node(string body) =>
        Gives("failed", $"(New-Dag d {{ Add-DagNode a {{ {body} }} }} | Invoke-Dag -ErrorAction SilentlyContinue).Status");

    [Fact]
    public void The_process_lives_on_after_exit_in_a_node() => Gives(
        "completed",
            "$null = New-Dag d { Add-DagNode a { exit 3 } } | Invoke-Dag -ErrorAction SilentlyContinue; "
            + "(New-Dag e { Add-DagNode a { 1 } } | Invoke-Dag).Status");

    private ErrorRecord Error() => Session.Run(Failing + "Invoke-Dag $d").Errors.Single();

    private static (int Line, string Text) PlaceOf(InvocationInfo place) => (place.ScriptLineNumber, place.Line.Trim());

    [Theory]
    [InlineData("'https://example.test/a', 'bad'", "bad")]
    [InlineData("@{ good = 1; }, @{ Name = 'bad' }", "@{Name=bad}")]
    [InlineData("1, [pscustomobject]@{ Name = 'bad'; Secret = [securestring]::new() }",
        "@{Name=bad; Secret=(SecureString)}")]
    [InlineData("1, @(('x' * 100 + 'bad'), 2)",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…")]
    [InlineData("1, \"two`nlines bad\"", "two lines bad")]
    [InlineData("1, ([IO.FileInfo]'/tmp/bad')", "/tmp/bad")]
    [InlineData("1, $(& { $f = [psobject][IO.FileInfo]'/tmp/bad'; $f.PSObject.Properties.Add([psnoteproperty]::new('Extra', 1)); $f })",
        "/tmp/bad")]
    [InlineData("1, [version]'9.9'", "9.9")]
    public void The_error_of_an_element_names_its_key_and_shows_its_value(string elements, string value) => Assert.Contains(
        $"Node 'm[1]' of 'd' failed: no (value {value})",
        FailsWith("DagNodeFailed",
            $"New-Dag d {{ Add-DagNode a {{ [object[]]$all = {elements}; $all }} -OutputType ([object[]]); "
            + $"Add-DagNode m -After a -Map {{ if ($DagContext.Path -eq 'd/m[1]') {{ throw 'no' }} }} }} | Invoke-Dag").ToString(),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("-NoProvenance")]
    public void Elements_that_fail_and_may_are_a_warning_with_their_number_and_the_first_cause_and_the_node_keeps_it(string arguments)
    {
        var result = Session.Run(
            $"$r = New-Dag d {{ Add-DagNode a {{ 1, 2, 3, 4 }}; Add-DagNode m -After a -AllowFailure '50%' -Map {{ if ($_ % 2) "
            + $"{{ throw \"odd $_\" }}; $_ }} }} | Invoke-Dag -ThrottleLimit 1 {arguments}; $r.Status; $r.Nodes['m'].Status; "
            + $"$r.Nodes['m'].Error");

        const string Count = "2 of 4 elements failed, which is within what is allowed (50%)";
        Assert.Equal(
            $"completed\ncompleted\nm[0]: odd 1 (value 1); {Count}\nm[2]: odd 3 (value 3)", result.Sound().Text);
        Assert.Equal($"[m] {Count}; the first: m[0]: odd 1 (value 1)",
            Assert.Single(result.Warnings).Message);
    }

    [Fact]
    public void The_error_of_a_map_names_the_map_how_many_elements_failed_the_first_cause_and_where_the_others_are()
    {
        var result = Session.Run(
            "$null = New-Dag d { Add-DagNode a { 1..4 }; Add-DagNode m -After a -Map { if ($_ % 2) { throw \"odd $_.\" }; $_ } } | "
            + "Invoke-Dag -ContinueOnFailure -ThrottleLimit 1; $run = Get-DagRun; $run.RunId.Substring(0, 8); $run.Error");

        var lines = result.Text.Split('\n');
        var error = Assert.Single(result.Errors);
        Assert.StartsWith(
            $"Node 'm' of 'd' failed: 2 of 4 elements failed; the first: m[0]: odd 1 (value 1); see all: (Get-DagRun {lines[0]}",
            error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(").Error", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["m[0]: odd 1 (value 1); 2 of 4 elements failed", "m[2]: odd 3 (value 3)"], lines[1..]);
    }

    [Fact]
    public void The_error_of_one_node_alone_lists_the_other_elements_because_no_run_has_them() => Assert.Equal(
        "Node 'm' of 'd' failed: 2 of 3 elements failed; the first: m[0]: odd 1 (value 1)\nm[2]: odd 3 (value 3)",
        Session.Run(
            "New-Dag d { Add-DagNode a { 1 }; Add-DagNode m -After a -AllowFailure 1 -ThrottleLimit 1 "
            + "-Map { if ($_ % 2) { throw \"odd $_\" }; $_ } } | "
            + "Invoke-DagNode m -Parameter @{ _ = 1, 2, 3 }").AllErrors.Single().ToString());

    [Fact]
    public void Large_numbers_of_elements_are_written_as_in_tables_and_not_twice() => Gives(
        "m[0]: no; 1,000 of 1,000 elements failed / and 990 more / False",
        "$r = New-Dag d { Add-DagNode a { ,(1..1000).ForEach({ '' }) }; Add-DagNode m -After a -Map { throw 'no' } } | "
        + "Invoke-Dag -ContinueOnFailure -ThrottleLimit 1 -NoProvenance -ErrorAction Ignore; $lines = $r.Error -split \"`n\"; "
        + "\"$($lines[0]) / $($lines[-1]) / $(($r | Out-String) -match 'elements failed')\"");

    [Fact]
    public void An_element_inside_an_element_has_each_value_once() => Gives(
        "outer[0]/inner[0]: bad 3 (value 3 of 1); 2 of 2 elements failed\nouter[1]/inner[0]: bad 3 (value 3 of 2)",
        "$inner = New-Dag i { Add-DagNode v { param($v) 3, 4 }; Add-DagNode inner -After v -Map { throw \"bad $_\" } }; "
        + "$r = New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode outer -After a -Map $inner } | "
        + "Invoke-Dag -ContinueOnFailure -ThrottleLimit 1 -ErrorAction Ignore; $r.Error");

    [Fact]
    public void An_element_inside_an_element_that_its_key_names_has_its_own_value_alone() => Gives(
        "region[north]/inner[0]: bad 3 (value 3)",
        "$inner = New-Dag i { Add-DagNode v { 3 }; Add-DagNode inner -After v -Map { throw \"bad $_\" } }; "
        + "$r = New-Dag d { Add-DagNode a { [ordered]@{ north = 1, 2 } }; Add-DagNode region -After a -Map $inner } | "
        + "Invoke-Dag -ErrorAction Ignore; $r.Error");
}
