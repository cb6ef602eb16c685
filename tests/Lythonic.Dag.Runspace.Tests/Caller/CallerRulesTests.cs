using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>What the caller asks of nodes: strict mode, and the common parameters of the cmdlet.</summary>
public sealed class CallerRulesTests : ModuleTest
{
    private const string Level =
        "{ $level = 'off'; try { $null = $notSetAnywhere } catch { $level = 1; try { $null = (1).None } catch { $level = 2; "
        + "try { $null = @()[0] } catch { $level = 3 } } }; $level }";

    [Theory]
    [InlineData("", "off")]
    [InlineData("Set-StrictMode -Version 1", "1")]
    [InlineData("Set-StrictMode -Version 2", "2")]
    [InlineData("Set-StrictMode -Version 3", "3")]
    [InlineData("Set-StrictMode -Version Latest", "3")]
    [InlineData("Set-StrictMode -Version Latest; Set-StrictMode -Off", "off")]
    public void Strict_mode_of_the_caller_holds_in_nodes(string set, string expected) => Gives(
        $"{expected} {expected} off",
        $$"""
        $level = {{Level}}
        $dag = New-Dag d { Add-DagNode a $level; Add-DagNode b $level -Inline }
        $in = & { {{set}}; ($dag | Invoke-Dag -NoProvenance).Outputs.Values }
        "$in $(($dag | Invoke-Dag -NoProvenance).Outputs['a'])"
        """);

    [Fact]
    public void Finding_strict_mode_leaves_no_error() =>
        Gives("0",
            "$Error.Clear(); Set-StrictMode -Version Latest; $null = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag -NoProvenance; "
            + "$Error.Count");

    [Theory]
    [InlineData("Add-DagNode talk { Write-Error boom; 'on' }", "-ErrorAction Stop")]
    [InlineData("Add-DagNode talk -Inline { Write-Error boom; 'on' }", "-ErrorAction Stop")]
    [InlineData("Add-DagNode talk -Method ([Func[string]] { Write-Error boom; 'on' })", "-ErrorAction Stop")]
    [InlineData("Add-DagNode l { 1..3 }; Add-DagNode talk -After l -Map { param([int]$n) if ($n -eq 2) { Write-Error boom }; $n }",
        "-ErrorAction Stop")]
    [InlineData("Add-DagNode talk { Write-Warning boom; 'on' }", "-WarningAction Stop -ErrorAction Stop")]
    [InlineData("Add-DagNode talk -Inline { Write-Warning boom; 'on' }", "-WarningAction Stop -ErrorAction Stop")]
    [InlineData("Add-DagNode talk { Write-Information boom; 'on' }", "-InformationAction Stop")]
    [InlineData("Add-DagNode talk -Inline { Write-Information boom; 'on' }", "-InformationAction Stop")]
    public void A_record_that_must_stop_fails_its_node(string nodes, string options) => Gives(
        "DagNodeFailed talk True failed",
        $"try {{ $null = New-Dag d {{ {nodes} }} | Invoke-Dag {options} 3>$null 6>$null }} catch {{ "
        + "\"$($_.FullyQualifiedErrorId.Split(',')[0]) $($_.TargetObject) $($_ -like '*boom*') "
        + "$((Get-DagRun $_.Exception.RunId).Status)\" }");

    [Theory]
    [InlineData("Continue", "completed")]
    [InlineData("SilentlyContinue", "failed")]
    public void An_error_action_replaces_the_preference_of_the_caller_unless_it_only_hides(string action, string expected) => Gives(
        expected,
            $"$ErrorActionPreference = 'Stop'; (New-Dag d {{ Add-DagNode a {{ Write-Error soft; "
            + $"1 }} }} | Invoke-Dag -NoProvenance -ErrorAction {action} 2>$null).Status");

    [Theory]
    [InlineData("", "caught DagNodeFailed")]
    [InlineData("-ErrorAction SilentlyContinue", "failed")]
    public void A_warning_at_which_all_stops_ends_the_cmdlet_where_no_error_action_is_given(string option, string expected) => Gives(
        expected,
        $"try {{ $run = New-Dag d {{ Add-DagNode a {{ Write-Warning mild }} }} | Invoke-Dag -NoProvenance -WarningAction Stop {option} "
        + $"3>$null; $run.Status }} catch {{ \"caught $($_.FullyQualifiedErrorId.Split(',')[0])\" }}");

    [Theory]
    [InlineData("Restart-DagRun $run.RunId -ErrorAction Stop")]
    [InlineData("Invoke-DagReplay $run.RunId talk -ErrorAction Stop")]
    [InlineData("Invoke-DagNode $dag talk -ErrorAction Stop")]
    public void It_does_in_every_cmdlet_that_runs_nodes(string command) => FailsWith(
        "DagNodeFailed",
        $$"""
        $dag = New-Dag d { Add-DagNode talk { Write-Error boom; 'on' }; Add-DagNode bad -After talk { throw 'later' } }
        $run = $dag | Invoke-Dag -ErrorAction SilentlyContinue -Override @{ talk = { throw 'first' } }
        {{command}}
        """,
        "talk",
        "boom");

    [Theory]
    [InlineData("")]
    [InlineData("-Inline")]
    public void What_a_node_decides_to_go_on_after_stops_nothing(string option)
    {
        var result = Session.Run(
            $"$e = $null; (New-Dag d {{ Add-DagNode a {option} {{ Write-Error soft -ErrorAction Continue; "
            + $"Write-Warning mild -WarningAction Continue; 'on' }} }} | Invoke-Dag -NoProvenance -ErrorAction Stop -WarningAction "
            + $"Stop).Outputs['a']");

        Assert.Null(result.TerminatingError);
        Assert.Equal(("on", "soft", "[a] mild"),
            (result.Text, Assert.Single(result.Errors).ToString(), Assert.Single(result.Warnings).Message));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("-Inline", "")]
    [InlineData("", "-Verbose -Debug -Confirm:$false")]
    [InlineData("-Inline", "-Verbose -Debug -Confirm:$false")]
    public void What_a_node_decides_to_show_shows_once(string option, string options)
    {
        var result = Session.Run(
            $"$null = New-Dag d {{ Add-DagNode a {option} {{ Write-Verbose v -Verbose; "
            + $"Write-Debug d -Debug }} }} | Invoke-Dag -NoProvenance {options}").Sound();

        Assert.Single(result.Verbose, record => record.Message == "[a] v");
        Assert.Equal("[a] d", Assert.Single(result.Debug).Message);
    }

    [Fact]
    public void What_a_node_shows_goes_where_the_streams_of_the_cmdlet_go() => Gives(
        "VerboseRecord,DagRun",
        "(New-Dag d { Add-DagNode a { Write-Verbose v -Verbose } } | Invoke-Dag -NoProvenance 4>&1).ForEach{ $_.GetType().Name } "
        + "-join ','");
}
