using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>A run and its node runs, as they are written and as they are read back.</summary>
public sealed class RunObjectTests : ModuleTest
{
    private const string One =
        "$r = New-Dag d { Add-DagNode a { param($x) $x }; Add-DagNode b { $_ + 1 } -After a } | Invoke-Dag -SourceInput @{ x = 1 } "
        + "-Tag t1, t2; ";

    [Theory]
    [InlineData("$r")]
    [InlineData("(Get-DagRun)")]
    public void A_run_has_these_properties(string run) => Gives(
        "Next,RunId,DagName,Status,Outputs,FailedNode,Error,SourceInput,StartedAt,FinishedAt,Duration,"
            + "StartedBy,Description,ParentRunId,ReplayedFrom,ReusedFrom,Tag,ErrorCount,DatabasePath,Nodes",
        One + run + ".PSObject.Properties.Name -join ','");

    [Theory]
    [InlineData("$r")]
    [InlineData("(Get-DagRun)")]
    public void A_node_run_has_these_properties(string run) => Gives(
        "Label,Kind,Status,Attempt,StartedAt,FinishedAt,Duration,Input,Output,Error,ErrorCount,Host,ReusedFrom,Messages,ChildRuns",
        One + run + ".Nodes[0].PSObject.Properties.Name -join ','");

    [Theory]
    [InlineData("RunId.Length", "36")]
    [InlineData("DagName", "d")]
    [InlineData("Status", "completed")]
    [InlineData("Status.GetType().Name", "String")]
    [InlineData("Outputs.GetType().Name", "OrderedDictionary")]
    [InlineData("Outputs['B']", "2")]
    [InlineData("FailedNode", "")]
    [InlineData("Error", "")]
    [InlineData("SourceInput['X']", "1")]
    [InlineData("StartedAt.GetType().Name", "DateTimeOffset")]
    [InlineData("StartedAt.Offset", "00:00:00")]
    [InlineData("FinishedAt.Offset", "00:00:00")]
    [InlineData("Duration.GetType().Name", "TimeSpan")]
    [InlineData("StartedBy -eq \"$([Environment]::UserName)@$([Environment]::MachineName)\"", "True")]
    [InlineData("ParentRunId", "")]
    [InlineData("ReplayedFrom", "")]
    [InlineData("Tag -join ','", "t1,t2")]
    [InlineData("DatabasePath -eq $Database", "True")]
    [InlineData("Nodes.Count", "2")]
    [InlineData("Nodes.Label -join ','", "a,b")]
    [InlineData("Nodes[0].Status", "completed")]
    [InlineData("Nodes[0].Attempt", "1")]
    [InlineData("Nodes[0].Kind.ToString()", "ScriptBlock")]
    [InlineData("Nodes[0].Input['x']", "1")]
    [InlineData("Nodes[0].Output", "1")]
    [InlineData("Nodes[0].Error", "")]
    [InlineData("Nodes[0].StartedAt.Offset", "00:00:00")]
    [InlineData("Nodes[0].Messages.Count", "0")]
    [InlineData("Nodes[0].ChildRuns.Count", "0")]
    public void A_property_is_the_same_on_the_run_that_is_written_and_the_one_that_is_read(string property, string expected) =>
        Gives($"{expected}|{expected}", One + $"$s = Get-DagRun $r.RunId; \"$($r.{property})|$($s.{property})\"");

    [Fact]
    public void Times_follow_one_another() => Gives(
        "True", One +
            "$r.StartedAt -le $r.Nodes[0].StartedAt -and $r.Nodes[0].StartedAt -le $r.Nodes[0].FinishedAt -and $r.Nodes[0].FinishedAt -le "
            + "$r.FinishedAt -and $r.Duration -eq $r.FinishedAt - $r.StartedAt");

    [Fact]
    public void Outputs_are_in_the_order_of_the_nodes() => Gives(
        "z,a,m", "(New-Dag d { Add-DagNode z { 1 }; Add-DagNode a { 2 }; Add-DagNode m { 3 } } | Invoke-Dag).Outputs.Keys -join ','");

    [Fact]
    public void Node_runs_are_in_the_order_of_the_nodes() => Gives(
        "z,a,m",
            "(New-Dag d { Add-DagNode z { 1 }; Add-DagNode a { 2 } -After z; Add-DagNode m { 3 } } | Invoke-Dag).Nodes.Label -join ','");

    [Fact]
    public void A_run_without_provenance_has_what_is_known_of_it() => Gives(
        "completed 1 True a=completed b=completed",
        """
        $r = New-Dag d { Add-DagNode a { param($x) $x }; Add-DagNode b { $_ } -After a } | Invoke-Dag -SourceInput @{ x = 1 } -NoProvenance
        $nodes = @($r.Nodes | ForEach-Object { "$($_.Label)=$($_.Status)" }) -join ' '
        "$($r.Status) $($r.Outputs['b']) $($null -eq $r.DatabasePath) $nodes"
        """);

    [Fact]
    public void A_run_that_was_not_kept_says_so_when_it_is_piped_to_a_restart()
    {
        using var session = new ModuleSession();
        var result = session.Run(
            "$PSDefaultParameterValues.Clear(); $r = New-Dag d { Add-DagNode a { throw 'no' } } | "
            + "Invoke-Dag -NoProvenance -ErrorAction SilentlyContinue; $r | Restart-DagRun");

        Assert.StartsWith("DagProvenanceRequired", result.AllErrors.First().FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_from_the_pipeline_names_its_database()
    {
        using var session = new ModuleSession();
        var result = session.Run(
            "$PSDefaultParameterValues.Clear(); $r = New-Dag d { Add-DagNode a { if ($DagContext.Attempt -eq 1) { throw 'no' } } } | "
            + "Invoke-Dag -DatabasePath \"$Folder/other.db\" -ErrorAction SilentlyContinue; ($r | Restart-DagRun).Status; "
            + "($r | Get-DagRun).Status; $r | Remove-DagRun; @(Get-DagRun -DatabasePath \"$Folder/other.db\").Count");

        Assert.Equal("completed\ncompleted\n0", result.Sound().Text);
    }

    [Fact]
    public void Child_runs_are_runs_with_outputs_in_the_order_of_the_elements() => Gives(
        "d/m[0]=2 d/m[1]=4",
        "$r = New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -Map { $_ * 2 } -After a } | Invoke-Dag; "
        + "@($r.Nodes[1].ChildRuns | ForEach-Object { \"$($_.DagName)=$(@($_.Outputs.Values))\" }) -join ' '");

    [Fact]
    public void Messages_have_stream_text_and_time() => Gives(
        "warning mind True",
        "$r = New-Dag d { Add-DagNode a { [CmdletBinding()] param() $PSCmdlet.WriteWarning('mind') } } | "
        + "Invoke-Dag -WarningAction SilentlyContinue; $m = $r.Nodes[0].Messages[0]; "
        + "\"$($m.Stream) $($m.Text) $($m.Time -is [DateTimeOffset])\"");

    [Fact]
    public void A_job_has_the_run_as_its_output() => Gives(
        "Completed 5",
            "$j = New-Dag d { Add-DagNode a { 5 } } | Invoke-Dag -AsJob; $null = $j | Wait-Job; "
            + "\"$($j.State) $(($j | Receive-Job).Outputs['a'])\"");

    [Fact]
    public void A_job_of_a_failed_run_is_failed_and_has_the_run_and_the_error() => Gives(
        "Failed failed DagNodeFailed",
        "$j = New-Dag d { Add-DagNode a { throw 'no' } } | Invoke-Dag -AsJob; $null = $j | Wait-Job; "
        + "$r = $j | Receive-Job -ErrorAction SilentlyContinue -ErrorVariable e; \"$($j.State) $($r.Status) "
        + "$($e[0].FullyQualifiedErrorId)\"");

    [Fact]
    public void A_run_that_is_not_kept_has_what_its_nodes_said() => Gives(
        "warning w | error no",
        "$r = New-Dag d { Add-DagNode a { [CmdletBinding()] param() $PSCmdlet.WriteWarning('w'); 1, 2 }; "
        + "Add-DagNode m -After a -AllowFailure 1 -Map { if ($_ -eq 2) { throw 'no' } } } | "
        + "Invoke-Dag -NoProvenance -WarningAction SilentlyContinue; \"$($r.Nodes[0].Messages[0].Stream) $($r.Nodes[0].Messages[0].Text) | "
        + "$($r.Nodes[1].Messages[0].Stream) $($r.Nodes[1].Messages[0].Text.Split(' ')[1])\"");
}
