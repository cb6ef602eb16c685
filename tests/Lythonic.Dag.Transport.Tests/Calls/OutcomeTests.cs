using System.Management.Automation;
using Lythonic.Dag.Transport.Tests.Harness;

namespace Lythonic.Dag.Transport.Tests.Calls;

/// <summary>How calls end.</summary>
public sealed class OutcomeTests(SharedProcess shared) : IClassFixture<SharedProcess>
{
    [PwshTheory]
    [InlineData("", null)]
    [InlineData("$null", null)]
    [InlineData("1", 1)]
    [InlineData("'kept'; break", "kept")]
    [InlineData("'kept'; continue", "kept")]
    [InlineData("'kept'; return; 'not'", "kept")]
    public async Task Nothing_emitted_is_null_and_one_object_is_that_object(string text, object? expected) =>
        Assert.Equal(expected, await shared.Connection.OutputAsync(Hosted.Call(text)));

    [PwshFact]
    public async Task A_failure_brings_the_record_with_its_position_in_the_file()
    {
        var file = Path.Combine(Path.GetTempPath(), "folder", "pipeline.ps1");
        var call = Hosted.Call("") with { Script = new RemoteScript("param($x)\n  Get-Item /no/such -ErrorAction Stop", file, 12, 7) };

        var result = await shared.Connection.InvokeAsync(call, CancellationToken.None);

        Assert.Equal(RemoteOutcomeKind.Failed, result.Kind);
        var record = result.Error!.Record!;
        Assert.Equal("PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand", record.FullyQualifiedErrorId);
        Assert.Equal((file, 13, 3),
            (record.InvocationInfo.ScriptName, record.InvocationInfo.ScriptLineNumber, record.InvocationInfo.OffsetInLine));
        Assert.Contains($"{file}:13", result.Error.Position, StringComparison.Ordinal);
    }

    [PwshTheory]
    [InlineData("throw 'no'", "no")]
    [InlineData("[int]::Parse('x')", "The input string 'x' was not in a correct format.")]
    [InlineData("Write-Error 'soft' -ErrorAction Stop", "soft")]
    public async Task A_terminating_error_fails_the_call(string text, string message)
    {
        var result = await shared.Connection.InvokeAsync(Hosted.Call(text), CancellationToken.None);

        Assert.Equal(RemoteOutcomeKind.Failed, result.Kind);
        Assert.Contains(message, result.Error!.Message, StringComparison.Ordinal);
    }

    [PwshFact]
    public async Task A_failure_under_a_silent_preference_is_a_failure_still()
    {
        var image = new RemoteImage { Variables =
            new Dictionary<string, object?> { ["ErrorActionPreference"] = ActionPreference.SilentlyContinue } };

        var result = await shared.Connection.InvokeAsync(
            Hosted.Call("[int]::Parse('x'); throw [InvalidOperationException]'deliberate'") with { Image = image }, CancellationToken.None);

        Assert.Equal(RemoteOutcomeKind.Failed, result.Kind);
        Assert.NotNull(result.Error!.Record);
    }

    [PwshFact]
    public async Task The_failure_itself_is_no_record_of_the_stream_and_errors_before_it_are()
    {
        var records = new List<object>();
        var call = Hosted.Call("Write-Error 'first'; throw 'last'") with { OnRecord = records.Add };

        var result = await shared.Connection.InvokeAsync(call, CancellationToken.None);

        Assert.Equal(["first"], records.Select(record => record.ToString()));
        Assert.Equal("last", result.Error!.Message);
    }

    [PwshTheory]
    [InlineData("exit 3")]
    [InlineData("break elsewhere")]
    public async Task What_ends_its_runspace_is_told_from_completion_and_its_connection_is_over(string text)
    {
        await using var connection = await Hosted.ConnectAsync(Hosted.Process);

        var result = await connection.InvokeAsync(Hosted.Call($"'some'; {text}"), CancellationToken.None);

        Assert.True(result.Kind == RemoteOutcomeKind.Ended, $"{result.Kind} {result.Loss} {result.Error}");
        Assert.True(connection.Lost.IsCompleted);
    }

    [PwshFact]
    public async Task A_pause_brings_its_reason_even_where_the_code_caught_it()
    {
        var result = await shared.Connection.InvokeAsync(
            Hosted.Call("try { $DagContext.Pause('later') } catch { 'caught' }"), CancellationToken.None);

        Assert.Equal((RemoteOutcomeKind.Paused, "later"), (result.Kind, result.PauseReason));
    }

    [PwshFact]
    public async Task Records_of_every_stream_come_while_the_call_runs()
    {
        var progress = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var records = new List<object>();
        using var stop = new CancellationTokenSource();
        var call = Hosted.Call("""
            $VerbosePreference = $DebugPreference = 'Continue'
            Write-Error e; Write-Warning w; Write-Verbose v; Write-Debug d; Write-Information i; Write-Progress p
            [Threading.Thread]::Sleep(-1)
            """) with
        {
            OnRecord = record =>
            {
                records.Add(record);
                if (record is ProgressRecord)
                    progress.TrySetResult();
            },
        };
        await using var connection = await Hosted.ConnectAsync(Hosted.Process);

        var running = connection.InvokeAsync(call, stop.Token);
        await progress.Task.WaitAsync(Hosted.Hang);

        Assert.Equal(
            ["DebugRecord", "ErrorRecord", "InformationRecord", "ProgressRecord", "VerboseRecord", "WarningRecord"],
            records.Select(record => record.GetType().Name.Replace("Remoting", "", StringComparison.Ordinal)).Order());
        Assert.False(running.IsCompleted);
        await stop.CancelAsync();
        Assert.Equal(RemoteOutcomeKind.Stopped, (await running.WaitAsync(Hosted.Hang)).Kind);
    }

    [PwshFact]
    public async Task What_is_written_to_the_host_comes_to_the_host_of_the_caller_and_a_question_fails()
    {
        var host = new SilentHost();
        await using var connection = await Hosted.ConnectAsync(Hosted.Process, host);

        var result = await connection.InvokeAsync(Hosted.Call("$Host.UI.WriteLine('shown'); Read-Host 'why'"), CancellationToken.None);

        Assert.Contains("shown", host.Lines.Written);
        Assert.Equal(RemoteOutcomeKind.Failed, result.Kind);
    }

    [PwshFact]
    public async Task What_can_be_stopped_is_and_its_connection_goes_on()
    {
        using var stop = new CancellationTokenSource();
        var (call, begun) = Hosted.Saying("while ($true) { Start-Sleep -Milliseconds 20 }");

        var running = shared.Connection.InvokeAsync(call, stop.Token);
        await begun.WaitAsync(Hosted.Hang);
        await stop.CancelAsync();
        var result = await running.WaitAsync(Hosted.Hang);

        Assert.Equal((RemoteOutcomeKind.Stopped, false), (result.Kind, result.IsAbandoned));
        Assert.Equal(7, await shared.Connection.OutputAsync(Hosted.Call("7")).WaitAsync(Hosted.Hang));
    }

    [PwshFact]
    public async Task What_does_not_stop_is_given_up_and_says_so()
    {
        using var stop = new CancellationTokenSource();
        await using var connection = await Hosted.ConnectAsync(Hosted.Process);
        // Code that is told to stop runs its finally block.
        var (call, begun) = Hosted.Saying("Start-Sleep 1000 } finally { [Threading.Thread]::Sleep(-1) }", before: "try { ");

        var running = connection.InvokeAsync(call, stop.Token);
        await begun.WaitAsync(Hosted.Hang);
        await stop.CancelAsync();
        var result = await running.WaitAsync(Hosted.Hang);

        Assert.Equal((RemoteOutcomeKind.Stopped, true), (result.Kind, result.IsAbandoned));
    }
}
