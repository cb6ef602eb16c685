using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class RetryTests : ModuleTest
{
    private const string ThirdTime = "{ if ($DagContext.Attempt -lt 3) { throw \"no $($DagContext.Attempt)\" }; 'ok' }";

    [Fact]
    public void A_node_tries_again_as_often_as_it_says() =>
        Gives("completed ok 3",
            $"$r = New-Dag d {{ Add-DagNode a {ThirdTime} -RetryCount 2 }} | Invoke-Dag; "
            + $"\"$($r.Status) $($r.Outputs['a']) $($r.Nodes[0].Attempt)\"");

    [Fact]
    public void A_node_that_tries_too_little_fails_with_its_last_error() =>
        Gives("failed no 2",
            $"$r = New-Dag d {{ Add-DagNode a {ThirdTime} -RetryCount 1 }} | Invoke-Dag -ErrorAction SilentlyContinue; "
            + $"\"$($r.Status) $($r.Error)\"");

    [Theory]
    [InlineData("Node 'a' of 'd' failed: no; 3 attempts were made", "Add-DagNode a -RetryCount 2 { throw 'no' }")]
    [InlineData("Node 'a' of 'd' failed: No such thing; 2 attempts were made", "Add-DagNode a -RetryCount 1 { throw 'No such thing.' }")]
    [InlineData("Node 'a' of 'd' failed: No...; 'b' failed too",
        "Add-DagNode a { throw 'No...' }; Add-DagNode c { 1 }; Add-DagNode b -After c { throw 'no' }")]
    [InlineData("Node 'm[1]' of 'd' failed: no (value 2); 3 attempts were made",
        "Add-DagNode l { 1, 2 }; Add-DagNode m -After l -RetryCount 2 -Map { if ($_ -eq 2) { throw 'no' } }")]
    [InlineData("Node 'm[0]/y' of 'd' failed: no (value 1); 2 attempts were made",
        "Add-DagNode l { , @(1) }; Add-DagNode m -After l -Map (New-Dag s { Add-DagNode x { $_ }; "
            + "Add-DagNode y -After x -RetryCount 1 { throw 'no' } })")]
    [InlineData("Node 'm' of 'd' failed: 2 of 2 elements failed; the first: m[0]: no (value 1); 2 attempts were made; see all: …",
        "Add-DagNode l { 1, 2 }; Add-DagNode m -After l -ThrottleLimit 1 -RetryCount 1 -Map { throw 'no' }")]
    [InlineData("Node 'c/x' of 'd' failed: no; 2 attempts were made",
        "Add-DagNode l { 1 }; Add-DagNode c -After l -RetryCount 1 -Call (New-Dag s { Add-DagNode x { throw 'no' } })")]
    [InlineData("Node 'm[0]/n[0]' of 'd' failed: no (value 1); 2 attempts were made",
        "Add-DagNode l { , @(1) }; Add-DagNode m -After l -Map (New-Dag s { Add-DagNode x { , @($_) }; "
            + "Add-DagNode n -After x -RetryCount 1 -Map { throw 'no' } })")]
    [InlineData("Node 'a' of 'd' failed: It timed out after 50 ms, in attempt 2.",
        "Add-DagNode a -RetryCount 1 -Timeout 0.05 { Start-Sleep 60 }")]
    [InlineData("Node 'a' of 'd' failed: no", "Add-DagNode a { throw 'no' }")]
    public void The_error_says_how_many_attempts_were_made(string error, string nodes) => Gives(
        error,
        $$"""
        $null = New-Dag d { {{nodes}} } | Invoke-Dag -ContinueOnFailure -ThrottleLimit 1 -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed[0].ErrorDetails.Message -replace '\(Get-DagRun.*', '…'
        """);

    [Theory]
    [InlineData("1")]
    [InlineData("0.001")]
    [InlineData("'00:00:00.001'")]
    [InlineData("([timespan]::FromMilliseconds(1)) -RetryBackoff Exponential")]
    [InlineData("0.001 -RetryBackoff Constant")]
    public void A_delay_is_a_timespan_or_seconds(string delay) =>
        Gives("ok",
            $"(New-Dag d {{ Add-DagNode a {ThirdTime.Replace("-lt 3", "-lt 2", StringComparison.Ordinal)} "
            + $"-RetryCount 1 -RetryDelay {delay} }} | Invoke-Dag).Outputs['a']");

    [Theory]
    [InlineData("$_.Exception -is [TimeoutException]", "no 3")]
    [InlineData("$_.Exception -is [ArgumentException]", "no 1")]
    public void RetryOn_sees_the_error_and_decides(string on, string expected) =>
        Gives(expected,
            $"(New-Dag d {{ Add-DagNode a {{ throw [TimeoutException]\"no $($DagContext.Attempt)\" }} -RetryCount 2 -RetryOn {{ {on} }} }} "
            + $"| Invoke-Dag -ErrorAction SilentlyContinue).Error");

    [Theory]
    [InlineData("Add-DagNode a { while ($true) { [Threading.Thread]::Sleep(5) } } -Timeout 0.1", "[TimeoutException]")]
    [InlineData("Add-DagNode a -Method ([Threading.Tasks.Task]::Delay) -Parameter @{ millisecondsDelay = 100000 } -Timeout 0.1",
        "[TimeoutException]")]
    [InlineData("Add-DagNode a -Method ([IO.File]::ReadAllText) -Parameter @{ path = '/no/such/file' }", "[IO.IOException]")]
    [InlineData("Add-DagNode a -Method ([IO.File]::ReadAllText) -Parameter @{ path = '/no/such/file' } -Inline", "[IO.IOException]")]
    [InlineData("Add-DagNode a { 'no number' } -OutputType ([int])", "[Exception]")]
    [InlineData("Add-DagNode s { 1 }; Add-DagNode a -After s -Map { throw [IO.IOException]'no' }", "[IO.IOException]")]
    [InlineData("Add-DagNode s { 1 }; Add-DagNode a -After s -Map { while ($true) { [Threading.Thread]::Sleep(5) } } -Timeout 0.1",
        "[TimeoutException]")]
    [InlineData("Add-DagNode a { $zero = 0; 1 / $zero }",
        "[Management.Automation.RuntimeException] -and $_.Exception.InnerException -is [DivideByZeroException]")]
    [InlineData("Add-DagNode a { throw 'no' }",
        "[Management.Automation.RuntimeException] -and $_.Exception.GetType() -eq [Management.Automation.RuntimeException]")]
    public void RetryOn_sees_what_catch_sees_whatever_failed(string node, string type) => Reads(
        "2",
        "SELECT max(attempt) FROM node_executions",
        $"New-Dag d {{ {node} -RetryCount 1 -RetryOn {{ $_ -is [Management.Automation.ErrorRecord] -and $_.Exception -is {type} }} }} | "
        + $"Invoke-Dag -ErrorAction SilentlyContinue");

    [Fact]
    public void Each_attempt_is_kept() => Reads(
        "1|failed\n2|failed\n3|completed",
        "SELECT attempt, status FROM node_executions ORDER BY attempt",
        $"New-Dag d {{ Add-DagNode a {ThirdTime} -RetryCount 2 }} | Invoke-Dag");

    [Fact]
    public void An_attempt_that_is_tried_again_is_no_error() =>
        Assert.Empty(Session.Run($"New-Dag d {{ Add-DagNode a {ThirdTime} -RetryCount 2 }} | Invoke-Dag").AllErrors);

    [Theory]
    [InlineData("0.2")]
    [InlineData("'00:00:00.2'")]
    [InlineData("([timespan]::FromMilliseconds(200))")]
    public void A_node_that_takes_too_long_fails(string timeout) => Gives(
        "failed True",
        $"$r = New-Dag d {{ Add-DagNode slow {{ while ($true) {{ [Threading.Thread]::Sleep(5) }} }} -Timeout {timeout} }} | "
        + $"Invoke-Dag -ErrorAction SilentlyContinue; \"$($r.Status) $($r.Error.Contains('slow'))\"");

    [Fact]
    public void A_method_that_takes_too_long_is_told_by_its_token() => Gives(
        "failed",
            "(New-Dag d { Add-DagNode a -Method ([Threading.Tasks.Task]::Delay) -Parameter @{ millisecondsDelay = 100000 } -Timeout 0.2 } "
            + "| Invoke-Dag -ErrorAction SilentlyContinue).Status");

    [Fact]
    public void A_timeout_is_tried_again() => Gives(
        // A second is enough for an attempt that does nothing. On a busy machine it may not be, so there are more attempts.
        "ok",
            "(New-Dag d { Add-DagNode a { while ($DagContext.Attempt -eq 1) { [Threading.Thread]::Sleep(5) }; "
            + "'ok' } -Timeout 1 -RetryCount 20 } | Invoke-Dag).Outputs['a']");

    [Theory]
    [InlineData("1", "completed 1,3")]
    [InlineData("'1'", "completed 1,3")]
    [InlineData("'34%'", "completed 1,3")]
    [InlineData("'33%'", "failed ")]
    [InlineData("0", "failed ")]
    public void A_map_allows_so_many_elements_to_fail(string allowed, string expected) => Gives(
        expected,
        $"$r = New-Dag d {{ Add-DagNode a {{ 1, 2, 3 }}; Add-DagNode m -Map {{ if ($_ -eq 2) {{ throw 'no' }}; "
        + $"$_ }} -AllowFailure {allowed} -After a }} | Invoke-Dag -ErrorAction SilentlyContinue; "
        + $"\"$($r.Status) $($r.Outputs['m'] -join ',')\"");

    [Fact]
    public void What_is_neither_a_count_nor_a_percentage_is_refused() =>
        FailsWith("DagTypeMismatch", "New-Dag d { Add-DagNode a { 1 }; Add-DagNode m -Map { $_ } -AllowFailure some -After a }", "some");

    [Fact]
    public void An_element_tries_again() => Gives(
        "1,2",
            "(New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -Map { if ($_ -eq 2 -and $DagContext.Attempt -eq 1) { throw 'no' }; "
            + "$_ } -RetryCount 1 -After a } | Invoke-Dag).Outputs['m'] -join ','");
}
