using System.Management.Automation;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>The progress bars of nodes.</summary>
public sealed class NodeProgressTests : ModuleTest
{
    private const string Bar =
        "[CmdletBinding()] param() $PSCmdlet.WriteProgress([Management.Automation.ProgressRecord]::new(0, 'work', 'busy'));";

    [Theory]
    [InlineData("1")]
    [InlineData("throw 'no'")]
    public void A_bar_that_a_node_leaves_open_is_taken_away_when_the_node_ends(string end)
    {
        var bar = Run($"Add-DagNode a {{ {Bar} {end} }}").Where(record => record.Activity == "[a] work").ToList();

        Assert.Equal([ProgressRecordType.Processing, ProgressRecordType.Completed], bar.Select(record => record.RecordType));
        Assert.Single(bar.Select(record => record.ActivityId).Distinct());
    }

    [Fact]
    public void A_bar_of_a_run_that_is_stopped_is_taken_away() => Assert.Equal(
        ProgressRecordType.Completed,
        Session.Run(
            $"try {{ $null = New-Dag d {{ Add-DagNode a {{ {Bar} $PSCmdlet.WriteWarning('stop'); "
            + $"while ($true) {{ [Threading.Thread]::Sleep(5) }} }} }} | Invoke-Dag -NoProvenance -WarningAction Stop }} catch {{ }}")
            .Progress.Last(record => record.Activity == "[a] work").RecordType);

    [Fact]
    public void Bars_of_two_nodes_with_one_id_are_two_below_that_of_the_run()
    {
        var node = $"{{ {Bar} [Tests.Shown]::Wait($using:Folder, 'busy', 2) }}";
        var bars = Run($"Add-DagNode a {node}; Add-DagNode b {node}")
            .Where(record => record is { Activity: "[a] work" or "[b] work", RecordType: ProgressRecordType.Processing }).ToList();

        Assert.Equal(2, bars.Select(record => record.ActivityId).Distinct().Count());
        Assert.Single(bars.Select(record => record.ParentActivityId).Distinct());
    }

    [Fact]
    public void The_bar_of_the_run_names_the_nodes_in_flight_and_stands_before_those_of_nodes_which_say_whose_they_are()
    {
        var both = $"{{ {Bar} [Tests.Shown]::Wait($using:Folder, 'busy', 2); "
            + "[Tests.Shown]::Wait($using:Folder, '0 of 2 nodes done, running: a, b') }";
        var bars = Run($"Add-DagNode a {both}; Add-DagNode b {both}");

        Assert.Equal("d", bars[0].Activity);
        Assert.Equal(
            ["[a] work", "[b] work"],
            bars.Where(record => record.ParentActivityId == bars[0].ActivityId).Select(record => record.Activity).Distinct().Order());
    }

    [Fact]
    public void The_bar_of_the_run_says_how_many_nodes_have_failed() => Gives(
        "failed completed",
        "$run = New-Dag d { Add-DagNode a { throw 'bad' }; Add-DagNode b { "
        + "[Tests.Shown]::Wait($using:Folder, '0 of 2 nodes done, 1 failed, running: b') } } "
        + "| Invoke-Dag -ContinueOnFailure -ErrorAction SilentlyContinue; \"$($run.Status) $($run.Nodes['b'].Status)\"");

    [Fact]
    public void A_bar_below_another_bar_of_its_node_stays_below_it()
    {
        var bars = Run(
            $"Add-DagNode a {{ {Bar} $part = [Management.Automation.ProgressRecord]::new(7, 'part', 'inner'); $part.ParentActivityId = 0; "
            + $"$PSCmdlet.WriteProgress($part); [Tests.Shown]::Wait($using:Folder, 'inner') }}");

        Assert.Equal(bars.First(record => record.Activity == "[a] work").ActivityId,
            bars.First(record => record.Activity == "[a] part").ParentActivityId);
    }

    [Fact]
    public void Ten_thousand_updates_are_a_few_records_and_the_last_one_is_shown()
    {
        var bars = Run(
            "Add-DagNode a { [CmdletBinding()] param() foreach ($i in 1..10000) "
            + "{ $PSCmdlet.WriteProgress([Management.Automation.ProgressRecord]::new(0, 'work', \"$i\")) }; "
            + "[Tests.Shown]::Wait($using:Folder, '10000') }");

        Assert.InRange(bars.Count, 1, 200);
        Assert.Equal("10000",
            bars.Last(record => record is { Activity: "[a] work", RecordType: ProgressRecordType.Processing }).StatusDescription);
    }

    private IReadOnlyList<ProgressRecord> Run(string nodes) =>
        Session.Run($"$null = New-Dag d {{ {nodes} }} | Invoke-Dag -NoProvenance -ThrottleLimit 4 -ErrorAction SilentlyContinue").Progress;
}
