using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

public sealed class InvokeDagReplayTests : ModuleTest
{
    private const string Replayed =
        """
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 };
            Add-DagNode b { param($x) [Tests.Ran]::Node($using:Folder, 'b'); $x + 1 } -After a;
            Add-DagNode c { param($x) [Tests.Ran]::Node($using:Folder, 'c'); $x * 10 } -After b }
        $r = Invoke-Dag $d; [Tests.Ran]::Clear($Folder)

        """;

    [Fact]
    public void A_replay_is_a_new_run() => Gives(
        "False",
        Replayed + """
        (Invoke-DagReplay $r.RunId b -Dag $d).RunId -eq $r.RunId
        """);

    [Fact]
    public void Only_the_nodes_named_run_again() => Gives(
        "b",
        Replayed + """
        $null = Invoke-DagReplay $r.RunId b -Dag $d; [Tests.Ran]::Sorted($Folder)
        """);

    [Fact]
    public void IncludeDownstream_adds_all_that_lies_downstream() => Gives(
        "b,c",
        Replayed + """
        $null = Invoke-DagReplay $r.RunId b -Dag $d -IncludeDownstream; [Tests.Ran]::Sorted($Folder)
        """);

    [Fact]
    public void The_nodes_that_were_reused_are_skipped() => Gives(
        "skipped completed skipped",
        Replayed + """
        ((Invoke-DagReplay $r.RunId b -Dag $d).Nodes | Where-Object Label -in a, b, c | ForEach-Object Status) -join ' '
        """);

    [Fact]
    public void The_outputs_that_were_reused_are_outputs_of_the_new_run() => Gives(
        "20",
        Replayed + """
        (Invoke-DagReplay $r.RunId a -Dag $d).Outputs['c']
        """);

    [Fact]
    public void A_replay_names_the_run_that_it_replays() => Gives(
        "True",
        Replayed + """
        (Invoke-DagReplay $r.RunId b -Dag $d).ReplayedFrom -eq $r.RunId
        """);

    [Fact]
    public void The_old_run_stays_as_it_was() => Gives(
        "completed",
        Replayed + """
        $null = Invoke-DagReplay $r.RunId b -Dag $d; (Get-DagRun $r.RunId).Status
        """);

    [Fact]
    public void A_node_with_no_stored_output_runs() => Gives(
        "b,c",
        """
        $d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { param($x) throw 'no' } -After a;
            Add-DagNode c { param($x) [Tests.Ran]::Node($using:Folder, 'c'); $x } -After b }
        $r = Invoke-Dag $d -ErrorAction SilentlyContinue
        $d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { param($x) [Tests.Ran]::Node($using:Folder, 'b'); $x } -After a;
            Add-DagNode c { param($x) [Tests.Ran]::Node($using:Folder, 'c'); $x } -After b }
        $null = Invoke-DagReplay $r.RunId b -Dag $d; [Tests.Ran]::Sorted($Folder)
        """);

    [Fact]
    public void A_node_that_is_not_there_is_an_error() => FailsWith(
        "DagNodeNotFound",
        Replayed + """
        Invoke-DagReplay $r.RunId nowhere -Dag $d
        """, "nowhere");

    [Fact]
    public void A_run_that_is_not_there_is_an_error() => FailsWith(
        "DagRunNotFound",
        Replayed + """
        Invoke-DagReplay 00000000-0000-0000-0000-000000000000 b -Dag $d
        """, "00000000");

    [Fact]
    public void Source_input_is_the_old_one_unless_it_is_given() => Gives(
        "1 5",
        "$d = New-Dag d { Add-DagNode a { param($x) $x } }; $r = Invoke-Dag $d -SourceInput @{ x = 1 }; "
        + "\"$((Invoke-DagReplay $r.RunId a).Outputs['a']) $((Invoke-DagReplay $r.RunId a -SourceInput @{ x = 5 }).Outputs['a'])\"");

    [Fact]
    public void A_composite_node_that_is_reused_runs_none_of_its_elements() => Gives(
        "2+4 ",
        """
        $d = New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -Map { [Tests.Ran]::Node($using:Folder, "$_"); $_ * 2 } -After a;
            Add-DagNode s { $_ -join '+' } -After m }
        $r = Invoke-Dag $d; [Tests.Ran]::Clear($Folder); "$((Invoke-DagReplay $r.RunId s).Outputs['s']) $([Tests.Ran]::Sorted($Folder))"
        """);

    [Fact]
    public void A_composite_node_that_is_named_runs_all_of_its_elements() => Gives(
        "1,2",
        """
        $d = New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -Map { [Tests.Ran]::Node($using:Folder, "$_"); $_ * 2 } -After a }
        $r = Invoke-Dag $d; [Tests.Ran]::Clear($Folder); $null = Invoke-DagReplay $r.RunId m; [Tests.Ran]::Sorted($Folder)
        """);

    [Fact]
    public void Several_nodes_are_named_whatever_their_case() => Gives(
        "completed skipped completed",
        "$d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode c { 3 } }; $r = Invoke-Dag $d; "
        + "($r | Invoke-DagReplay -Node A, C).Nodes.Status -join ' '");

    [Fact]
    public void The_code_that_the_DAG_has_now_runs() => Gives(
        "10",
            "$r = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { $_ } -After a } | Invoke-Dag; $null = New-Dag d { Add-DagNode a { 2 }; "
            + "Add-DagNode b { $_ * 10 } -After a }; (Invoke-DagReplay $r.RunId b).Outputs['b']");

    [Theory]
    [InlineData("",
        "Downstream of what runs again, these nodes keep outputs that were made from the old values: 'c', "
        + "'d'. -IncludeDownstream runs them too.")]
    [InlineData("-IncludeDownstream", "")]
    [InlineData("-WhatIf",
        "Downstream of what runs again, these nodes keep outputs that were made from the old values: 'c', "
        + "'d'. -IncludeDownstream runs them too.")]
    public void Outputs_that_are_kept_although_they_were_made_from_old_values_are_a_warning(string arguments, string warning) =>
        Assert.Equal(
        warning, string.Join(
            '\n', Session.Run(Chain + $"$r | Invoke-DagReplay -Node b {arguments}").Warnings.Select(record => record.Message)));

    [Fact]
    public void The_last_node_alone_makes_nothing_stale() => Assert.Empty(Session.Run(Chain + "$r | Invoke-DagReplay -Node d, x").Warnings);

    private const string Chain =
        "$r = New-Dag chain { Add-DagNode a { 1 }; Add-DagNode b { 2 } -After a; Add-DagNode c { 3 } -After b; "
        + "Add-DagNode d { 4 } -After c; Add-DagNode x { 5 } } | Invoke-Dag; ";
}
