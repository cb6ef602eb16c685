using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

public sealed class RemoveDagRunTests : ModuleTest
{
    private const string Three = "$rs = 1..3 | ForEach-Object { New-Dag \"d$_\" { Add-DagNode a { 1 } } | Invoke-Dag }; ";

    [Fact]
    public void A_run_from_the_pipeline_goes() => Gives("d3,d2", Three + "$rs[0] | Remove-DagRun; (Get-DagRun).DagName -join ','");

    [Fact]
    public void A_prefix_is_enough() => Gives("2", Three + "Remove-DagRun $rs[0].RunId.Substring(0, 12); @(Get-DagRun).Count");

    [Fact]
    public void Several_ids_go() => Gives("d3", Three + "Remove-DagRun -RunId $rs[0].RunId, $rs[1].RunId; (Get-DagRun).DagName");

    [Fact]
    public void KeepLast_keeps_the_newest() => Gives("d3", Three + "Remove-DagRun -KeepLast 1; (Get-DagRun).DagName");

    [Theory]
    [InlineData("'1.00:00:00'", "3")]
    [InlineData("([timespan]::FromHours(1))", "3")]
    [InlineData("'30d'", "3")]
    [InlineData("12h", "3")]
    [InlineData("'90.5 min'", "3")]
    [InlineData("0", "0")]
    [InlineData("0ms", "0")]
    public void OlderThan_takes_a_timespan_or_a_text_with_a_unit(string age, string left) =>
        Gives(left, Three + $"Remove-DagRun -OlderThan {age}; @(Get-DagRun).Count");

    [Theory]
    [InlineData("30")]
    [InlineData("30d")]
    [InlineData("'30'")]
    public void OlderThan_refuses_a_number_without_a_unit_and_says_how_to_write_it(string age) => Gives(
        "ParameterArgumentTransformationError: Cannot process argument transformation on parameter 'OlderThan'. The number 30 has no unit. "
            + "Write '30d' (with quotes, as PowerShell reads 30d as a number), '12h', '90min' or '45s', "
            + "a timespan such as 30.00:00:00, or (New-TimeSpan -Days 30). 3",
        Three + $"try {{ Remove-DagRun -OlderThan {age} }} catch {{ $e = $_ }}; "
            + "\"$($e.FullyQualifiedErrorId.Split(',')[0]): $e $(@(Get-DagRun).Count)\"");

    [Theory]
    [InlineData("30", "00:00:30")]
    [InlineData("'30'", "00:00:30")]
    [InlineData("1.5", "00:00:01.5000000")]
    [InlineData("'2min'", "00:02:00")]
    [InlineData("'1d'", "1.00:00:00")]
    [InlineData("250ms", "00:00:00.2500000")]
    [InlineData("00:01:00", "00:01:00")]
    public void Other_timespans_take_seconds_too_and_a_text_means_what_its_number_means(string span, string meant) => Gives(
        meant, $"\"$((New-Dag d {{ Add-DagNode a {{ 1 }} -Timeout {span} }}).Nodes['a'].Settings.Timeout)\"");

    [Theory]
    [InlineData("Remove-DagRun -OlderThan", "OlderThan")]
    [InlineData("New-Dag d { Add-DagNode a { 1 } } | Add-DagNode b { 1 } -Timeout", "Timeout")]
    [InlineData("1 | Invoke-DagMap { 1 } -RetryDelay", "RetryDelay")]
    public void A_text_that_is_no_time_is_refused_with_what_to_write(string line, string parameter) => Gives(
        "ParameterArgumentTransformationError: Cannot process argument transformation on parameter '" + parameter + "'. '6m' is no time. "
            + "Write '30d' (with quotes, as PowerShell reads 30d as a number), '12h', '90min' or '45s', "
            + "a timespan such as 30.00:00:00, or (New-TimeSpan -Days 30).",
        $"try {{ {line} 6m }} catch {{ \"$($_.FullyQualifiedErrorId.Split(',')[0]): $_\" }}");

    [Theory]
    [InlineData("([timespan]::MaxValue)")]
    [InlineData("'999999d'")]
    public void No_run_is_older_than_the_first_day_of_all(string age) =>
        Gives("3", Three + $"Remove-DagRun -OlderThan {age}; @(Get-DagRun).Count");

    [Fact]
    public void Nothing_is_written() => Gives("0", Three + "@(Remove-DagRun -KeepLast 0).Count");

    [Fact]
    public void Sub_runs_go_with_their_run() => Gives(
        "0",
            "New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -Map { $_ } -After a } | Invoke-Dag | Remove-DagRun; "
            + "@(Get-DagRun -IncludeChild).Count");

    [Fact]
    public void All_its_rows_go() => Reads(
        "0|0",
        "SELECT (SELECT count(*) FROM node_executions), (SELECT count(*) FROM edge_traversals)",
        "New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -Map { $_ } -After a } | Invoke-Dag | Remove-DagRun");

    [Fact]
    public void WhatIf_removes_nothing() => Gives("3", Three +
        "$rs[0] | Remove-DagRun -WhatIf; Remove-DagRun -KeepLast 0 -WhatIf; Remove-DagRun -OlderThan 0 -WhatIf; @(Get-DagRun).Count");

    [Fact]
    public void A_run_that_is_not_there_is_an_error_and_the_next_one_has_its_turn() =>
        Gives("DagRunNotFound 2", Three +
            "Remove-DagRun zebra, $rs[0].RunId -ErrorAction SilentlyContinue -ErrorVariable e; "
            + "\"$($e[0].FullyQualifiedErrorId.Split(',')[0]) $(@(Get-DagRun).Count)\"");

    [Fact]
    public void A_live_run_is_never_removed() => Gives(
        "DagRunOwned 1 completed",
        """
        $d = New-Dag d { Add-DagNode a {
            Remove-DagRun $DagContext.RunId -DatabasePath $using:Database -ErrorVariable e -ErrorAction SilentlyContinue;
            Remove-DagRun -KeepLast 0 -DatabasePath $using:Database; Remove-DagRun -OlderThan 0 -DatabasePath $using:Database;
            $e[0].FullyQualifiedErrorId.Split(',')[0] } }
        $r = Invoke-Dag $d; "$($r.Outputs['a']) $(@(Get-DagRun).Count) $((Get-DagRun).Status)"
        """);

    [Fact]
    public void A_sub_run_is_not_removed_alone() => Gives(
        "3",
        "$null = New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -Map { $_ } -After a } | Invoke-Dag; "
        + "Get-DagRun -IncludeChild | Where-Object ParentRunId | Remove-DagRun -ErrorAction SilentlyContinue; "
        + "@(Get-DagRun -IncludeChild).Count");

    [Fact]
    public void No_file_is_made() =>
        Gives("False", "Remove-DagRun -KeepLast 0; Remove-DagRun zebra -ErrorAction SilentlyContinue; [IO.File]::Exists($Database)");

    [Theory]
    [InlineData("-OlderThan 0 -KeepLast 1", "d3")]
    [InlineData("-OlderThan 0 -KeepLast 0", "")]
    [InlineData("-OlderThan 1h -KeepLast 1", "d3,d2,d1")]
    public void OlderThan_and_KeepLast_together_remove_what_is_both(string which, string left) =>
        Gives(left, Three + $"Remove-DagRun {which}; @(Get-DagRun | ForEach-Object DagName) -join ','");
}
