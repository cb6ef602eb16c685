using System.Management.Automation;
using Lythonic.Dag.Transport.Tests.Harness;

namespace Lythonic.Dag.Transport.Tests.Calls;

/// <summary>Calls that are sent together.</summary>
public sealed class TogetherTests(SharedProcess shared) : IClassFixture<SharedProcess>
{
    [PwshFact]
    public async Task Each_has_its_own_result_and_records()
    {
        var text = "param($n) Write-Warning $n; Write-Error \"e$n\"; Write-Progress p -Status $n; 'x' * 1MB; $n";
        var (calls, records) = Listening(Enumerable.Range(0, 4).Select(number => Hosted.Call(text, ("n", number))));

        var (results, last) = await InvokeAsync(shared.Connection, calls);

        Assert.Null(last);
        Assert.Equal([0, 1, 2, 3], results.Select(result => ((object[])result.Value!)[1]));
        Assert.All(results, result => Assert.Equal(1 << 20, ((string)((object[])result.Value!)[0]).Length));
        Assert.All(records.Select((own, number) => (own, number)), one => Assert.Equal(
            [$"{one.number}", $"e{one.number}", $"{one.number}"],
            one.own.Select(record => record is ProgressRecord progress ? progress.StatusDescription : record.ToString())));
    }

    [PwshTheory]
    [InlineData("throw 'no'", RemoteOutcomeKind.Failed)]
    [InlineData("Write-Error soft -ErrorAction Stop", RemoteOutcomeKind.Failed)]
    [InlineData("if (", RemoteOutcomeKind.Failed)]
    [InlineData("$DagContext.Pause('later')", RemoteOutcomeKind.Paused)]
    [InlineData("exit 3", RemoteOutcomeKind.Ended)]
    [InlineData("break elsewhere", RemoteOutcomeKind.Ended)]
    [InlineData("[Environment]::FailFast('gone')", RemoteOutcomeKind.Unreachable)]
    public async Task One_that_does_not_complete_is_the_last_and_those_before_it_stay_done(string text, RemoteOutcomeKind kind)
    {
        var endsIt = kind is RemoteOutcomeKind.Ended or RemoteOutcomeKind.Unreachable;
        await using var own = endsIt ? await Hosted.ConnectAsync(Hosted.Process) : null;
        var connection = own ?? shared.Connection;
        var (calls, records) = Listening([Hosted.Call("1"), Hosted.Call("Write-Error own; 2"), Hosted.Call(text), Hosted.Call("4")]);

        var (results, last) = await InvokeAsync(connection, calls);

        Assert.Equal([1, 2], results.Select(result => result.Value));
        Assert.Equal(kind, last!.Kind);
        Assert.Equal(["own"], records.SelectMany(each => each).Select(record => record.ToString()));
        Assert.Equal(kind == RemoteOutcomeKind.Failed, last.Error?.Record is not null);
        if (!endsIt)
            Assert.Equal(5, await connection.OutputAsync(Hosted.Call("5")));
    }

    [PwshFact]
    public async Task What_waits_behind_a_long_one_goes_back()
    {
        var (results, last) = await InvokeAsync(
            shared.Connection, [Hosted.Call("1"), Hosted.Call("2")], TimeSpan.Zero);

        Assert.Null(last);
        Assert.Equal([1], results.Select(result => result.Value));
    }

    [PwshFact]
    public async Task That_one_takes_long_is_told_while_it_is_under_way()
    {
        using var stop = new CancellationTokenSource();
        var over = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);

        var ending = shared.Connection.InvokeTogetherAsync(
            [Hosted.Call("Start-Sleep 1000"), Hosted.Call("2")],
            TimeSpan.FromMilliseconds(1),
            new((_, _) => { }, over.SetResult),
            stop.Token);

        Assert.Equal(1, await over.Task.WaitAsync(Hosted.Hang));
        Assert.False(ending.IsCompleted);
        await stop.CancelAsync();
        Assert.Equal(RemoteOutcomeKind.Stopped, (await ending)!.Kind);
    }

    [PwshFact]
    public async Task One_that_is_stopped_ends_them_and_the_connection_goes_on()
    {
        using var stop = new CancellationTokenSource();
        var (waits, begun) = Hosted.Saying("Start-Sleep 60");
        var ending = InvokeAsync(shared.Connection, [Hosted.Call("1"), waits, Hosted.Call("3")], stop: stop.Token);
        await begun.WaitAsync(Hosted.Hang);

        await stop.CancelAsync();
        var (results, last) = await ending;

        Assert.Equal(1, Assert.Single(results).Value);
        Assert.Equal((RemoteOutcomeKind.Stopped, false), (last!.Kind, last.IsAbandoned));
        Assert.Equal(5, await shared.Connection.OutputAsync(Hosted.Call("5")));
    }

    [PwshFact]
    public async Task What_the_first_brings_along_is_there_for_the_others_and_after_them()
    {
        var image = new RemoteImage { Variables = new Dictionary<string, object?> { ["far"] = 7 } };
        var same = Hosted.Call("$far") with { Image = image };

        var (results, _) = await InvokeAsync(shared.Connection, [same, same with { }, Hosted.Call("\"$far\"")]);

        Assert.Equal([7, 7, ""], results.Select(result => result.Value).ToArray());
        Assert.Equal(7, await shared.Connection.OutputAsync(same));
    }

    private static (RemoteCall[] Calls, List<object>[] Records) Listening(IEnumerable<RemoteCall> calls)
    {
        var given = calls.ToArray();
        var records = given.Select(_ => new List<object>()).ToArray();
        return ([.. given.Select((call, index) => call with { OnRecord = records[index].Add })], records);
    }

    private static async Task<(List<RemoteResult> Results, RemoteResult? Last)> InvokeAsync(
        HostConnection connection, RemoteCall[] calls, TimeSpan? limit = null, CancellationToken stop = default)
    {
        var results = new List<RemoteResult>();
        var listener = new TogetherListener((result, _) => results.Add(result), _ => { });
        var last = await connection.InvokeTogetherAsync(calls, limit ?? Hosted.Hang, listener, stop);
        return (results, last);
    }
}
