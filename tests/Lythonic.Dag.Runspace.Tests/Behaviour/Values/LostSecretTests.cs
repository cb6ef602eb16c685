using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>What a restart or a replay does if it needs a secret that the store does not have.</summary>
public sealed class LostSecretTests : ModuleTest
{
    private const string Secret = "$s = [securestring]::new(); $s.AppendChar('z'); $cred = [pscredential]::new('ada', $s); ";
    private const string Gate = "if (-not [IO.File]::Exists(\"$using:Folder/go\")) { throw 'no' }";
    private const string Open = "[IO.File]::WriteAllText(\"$Folder/go\", ''); ";

    [Theory]
    [InlineData("$C", "@{ C = $s }")]
    [InlineData("[securestring]$C", "@{ C = $s }")]
    [InlineData("[string]$C", "@{ C = $s }")]
    [InlineData("$C", "@{ a = @{ C = $cred } }")]
    [InlineData("$C", "@{ C = @{ deep = 1, $cred } }")]
    [InlineData("[hashtable]$C", "@{ C = @{ deep = $cred } }")]
    [InlineData("$C", "@{ C = [pscustomobject]@{ login = $cred } }")]
    [InlineData("$C", "@{ C = , $s }")]
    public void A_restart_is_refused_before_anything_runs_and_changes_nothing(string parameter, string input)
    {
        Fail($"Add-DagNode a {{ param({parameter}) {Gate}; 1 }}", input);
        var before = Nodes();

        FailsWith("DagValueNotRestorable", "Restart-DagRun $r.RunId -Dag $d", "'a'", "'C'", "-SourceInput");

        Assert.Equal(before, Nodes());
        Assert.Equal("failed", StoreReader.Query(Session.Database, "SELECT status FROM dag_runs"));
    }

    [Fact]
    public void A_secret_of_an_element_that_a_restart_keeps_fails_the_node_that_gets_the_elements()
    {
        Fail($"Add-DagNode l {{ 1, 2 }}; Add-DagNode m -After l -Map {{ if ($_ -eq 2) {{ {Gate} }}; $using:cred }}; "
            + "Add-DagNode b -After m { param($all) $all.Count }", "@{}");

        var ended = Session.Run($"{Open} (Restart-DagRun $r.RunId -Dag $d -ErrorAction SilentlyContinue).Nodes['b'].Status");

        Assert.Equal("failed", ended.Text);
    }

    [Fact]
    public void The_plan_of_such_a_restart_is_refused_too()
    {
        Fail($"Add-DagNode a {{ param($C) {Gate}; 1 }}", "@{ C = $s }");

        FailsWith("DagValueNotRestorable", "Restart-DagRun $r.RunId -Dag $d -WhatIf", "'a'", "'C'");
    }

    [Fact]
    public void A_source_without_parameters_is_asked_for_by_its_label()
    {
        Fail($"Add-DagNode a {{ {Gate}; $_.UserName }}", "@{ a = $cred }");

        FailsWith("DagValueNotRestorable", "Restart-DagRun $r.RunId -Dag $d", "'a'", "-SourceInput");
        Gives("ada", "(Restart-DagRun $r.RunId -Dag $d -SourceInput @{ a = $cred }).Outputs.a");
    }

    [Theory]
    [InlineData("@{ C = $cred }", "@{ C = $cred }")]
    [InlineData("@{ C = $cred }", "@{ a = @{ C = $cred } }")]
    [InlineData("@{ a = @{ C = $cred; Other = 1 } }", "@{ C = $cred }")]
    [InlineData("@{ a = @{ C = $cred; Other = 1 } }", "@{ A = @{ c = $cred } }")]
    public void A_restart_takes_the_secret_by_name_or_by_label(string before, string now)
    {
        Fail($"Add-DagNode a {{ param($C, $Other) {Gate}; $C.UserName }}", before);

        Gives("ada", $"(Restart-DagRun $r.RunId -Dag $d -SourceInput {now}).Outputs.a");
    }

    [Theory]
    [InlineData("$C")]
    [InlineData("[pscredential]$C")]
    public void A_secret_that_only_a_completed_node_took_is_not_asked_for(string parameter)
    {
        Fail($"Add-DagNode a {{ param({parameter}) $C.UserName }}; Add-DagNode b -After a {{ {Gate}; $_ }}", "@{ C = $cred }");

        Gives("ada", "(Restart-DagRun $r.RunId -Dag $d).Outputs.b");
    }

    [Fact]
    public void A_replay_asks_for_a_secret_only_where_the_node_that_takes_it_runs()
    {
        Session.Run(
            $"{Secret} $d = New-Dag d {{ Add-DagNode a {{ param([pscredential]$C) $C.UserName }}; Add-DagNode b -After a {{ $_ }} }}; "
            + $"$r = Invoke-Dag $d @{{ C = $cred }}").Sound();

        Gives("ada", "(Invoke-DagReplay $r.RunId b -Dag $d).Outputs.b");
        FailsWith("DagValueNotRestorable", "Invoke-DagReplay $r.RunId a -Dag $d", "'a'", "'C'", "-SourceInput");
        Gives("ada", "(Invoke-DagReplay $r.RunId a -Dag $d -SourceInput @{ C = $cred }).Outputs.b");
    }

    [Theory]
    [InlineData("$using:cred", "Add-DagNode b -After a { param($a) GATE; 1 }")]
    [InlineData("$using:cred", "Add-DagNode b -After a { GATE; 1 }")]
    [InlineData("$using:cred", "Add-DagNode b -After a { param([pscredential]$a) GATE; 1 }")]
    [InlineData("@{ deep = 1, $using:s }", "Add-DagNode b -After a { param($a) GATE; 1 }")]
    [InlineData("[pscustomobject]@{ login = $using:cred }", "Add-DagNode b -After a { param($a) GATE; 1 }")]
    [InlineData("1, $using:cred", "Add-DagNode b -After a -Map { param($x) GATE; 1 }")]
    [InlineData("$using:cred", "Add-DagNode b -After a -Map { param($x) GATE; 1 }")]
    [InlineData("$using:cred", "Add-DagNode b -After a -Switch @{ k = { GATE; 1 } } -By { GATE; 'k' }")]
    public void A_node_that_takes_a_stored_output_with_a_secret_fails_and_says_what_to_run_again(string output, string consumer)
    {
        Fail($"Add-DagNode a {{ {output} }}; {consumer.Replace("GATE", Gate, StringComparison.Ordinal)}", "@{}");

        var error = FailsWith("DagNodeFailed", "Restart-DagRun $r.RunId -Dag $d", "'b'", "'a'", "Invoke-DagReplay");

        Assert.StartsWith("DagValueNotRestorable",
            ((System.Management.Automation.RuntimeException)error.Exception).ErrorRecord.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("Use Invoke-DagReplay", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Gives("False", "(Get-DagRun $r.RunId).Nodes['b'].Error -match '   at '");
        Gives("1", "@((Invoke-DagReplay $r.RunId a -Dag $d).Outputs.b)[0]");
    }

    [Fact]
    public void Elements_with_secrets_that_are_done_are_not_asked_for()
    {
        Fail($"Add-DagNode a {{ $using:cred, 2 }}; Add-DagNode b -After a -Map {{ param($x) if ($x -is [int]) {{ {Gate} }}; 1 }}", "@{}",
            "-ThrottleLimit 1");

        Gives("1\n1", "(Restart-DagRun $r.RunId -Dag $d).Outputs.b");
    }

    [Fact]
    public void A_sub_run_whose_source_has_taken_the_secret_goes_on()
    {
        Fail(
            $"Add-DagNode a {{ $using:cred }}; Add-DagNode b -After a -Call (New-Dag s {{ Add-DagNode i {{ param($x) $x.UserName }}; "
            + $"Add-DagNode j -After i {{ {Gate}; $_ }} }})", "@{}");

        Gives("ada", "(Restart-DagRun $r.RunId -Dag $d).Outputs.b");
    }

    [Fact]
    public void A_key_that_looks_like_the_place_of_a_secret_is_none()
    {
        Fail(
            $"Add-DagNode a {{ @{{ '$type' = 'secret'; of = 'x' }}, [pscustomobject]@{{ '$type' = 'secret' }} }}; "
            + $"Add-DagNode b -After a {{ param($a) {Gate}; $a[0]['of'] }}", "@{}");

        Gives("x", "(Restart-DagRun $r.RunId -Dag $d).Outputs.b");
    }

    private void Fail(string nodes, string input, string options = "") =>
        Session.Run(
            $"{Secret} $d = New-Dag d {{ {nodes} }}; $r = Invoke-Dag $d -SourceInput {input} {options} -ErrorAction SilentlyContinue; "
            + $"{Open}").Sound();

    private string Nodes() =>
        StoreReader.Query(Session.Database, "SELECT group_concat(node_label || ' ' || status || ' ' || attempt) FROM node_executions");
}
