using System.Management.Automation;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>Every error of the module: its identifier, category, target and what it recommends.</summary>
public sealed class ErrorRecordTests : ModuleTest
{
    private const string Kept =
        "$d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { throw 'no' } -After a }; $r = Invoke-Dag $d -ErrorAction SilentlyContinue; "
        + "$Error.Clear(); ";

    [Theory]
    [InlineData("DagCycle", ErrorCategory.InvalidArgument, "a",
        "$d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 1 } -After a; Connect-DagNode b a }; Invoke-Dag $d")]
    [InlineData("DagNodeDuplicate", ErrorCategory.ResourceExists, "A", "New-Dag d { Add-DagNode a { 1 }; Add-DagNode A { 1 } }")]
    [InlineData("DagNodeNotFound", ErrorCategory.ObjectNotFound, "zebra", "New-Dag d { Add-DagNode a { 1 } -After zebra }")]
    [InlineData("DagNodeNotFound", ErrorCategory.ObjectNotFound, "zebra", "New-Dag d { Add-DagNode a { 1 }; Connect-DagNode a zebra }")]
    [InlineData("DagNodeNotFound", ErrorCategory.ObjectNotFound, "zebra", Kept + "Invoke-DagReplay $r.RunId zebra")]
    [InlineData("DagCompositeUpstream", ErrorCategory.InvalidArgument, "m", "New-Dag d { Add-DagNode m -Map { 1 } }")]
    [InlineData("DagCompositeUpstream", ErrorCategory.InvalidArgument, "m",
        "New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 1 }; Add-DagNode m -Map { 1 } -After a, b }")]
    [InlineData("DagSubDagShape", ErrorCategory.InvalidArgument, "c",
        "$s = New-Dag s; New-Dag d { Add-DagNode a { 1 }; Add-DagNode c -Call $s -After a }")]
    [InlineData("DagInputAmbiguous", ErrorCategory.InvalidArgument, "c",
        "New-Dag d { Add-DagNode a { 1 } -OutputType ([int]); Add-DagNode b { 1 } -OutputType ([int]); "
        + "Add-DagNode c { param([int]$n) 1 } -After a, b } | Invoke-Dag")]
    [InlineData("DagInputMissing", ErrorCategory.InvalidArgument, "a",
        "New-Dag d { Add-DagNode a { param([Parameter(Mandatory)]$x) 1 } } | Invoke-Dag")]
    [InlineData("DagTypeMismatch", ErrorCategory.InvalidType, "a",
        "New-Dag d { Add-DagNode a { param([int]$x) 1 } } | Invoke-Dag -SourceInput @{ x = 'many' }")]
    [InlineData("DagSourceInputUnknown", ErrorCategory.InvalidArgument, "d",
        "New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag -SourceInput @{ zebra = 1 }")]
    [InlineData("DagMethodAmbiguous", ErrorCategory.InvalidArgument, "a",
        "New-Dag d { Add-DagNode s { 1 }; Add-DagNode a -Method ([Math]::Abs) -After s } | Invoke-Dag")]
    [InlineData("DagNodeFailed", ErrorCategory.OperationStopped, "a", "$null = New-Dag d { Add-DagNode a { throw 'no' } } | Invoke-Dag")]
    [InlineData("DagRunNotFound", ErrorCategory.ObjectNotFound, "zebra", "Get-DagRun zebra")]
    [InlineData("DagRunNotFound", ErrorCategory.ObjectNotFound, "zebra", "Restart-DagRun zebra")]
    [InlineData("DagRunNotFound", ErrorCategory.ObjectNotFound, "zebra", "Invoke-DagReplay zebra a")]
    [InlineData("DagRunNotFound", ErrorCategory.ObjectNotFound, "zebra", "Suspend-DagRun zebra")]
    [InlineData("DagRunNotFound", ErrorCategory.ObjectNotFound, "zebra", "Remove-DagRun zebra")]
    [InlineData("DagRunNotRestartable", ErrorCategory.InvalidOperation, "$r.RunId",
        "$r = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag; Restart-DagRun $r.RunId")]
    [InlineData("DagDefinitionChanged", ErrorCategory.InvalidOperation, "a",
        Kept + "Restart-DagRun $r.RunId -Dag (New-Dag d { Add-DagNode a { 2 }; Add-DagNode b { 1 } -After a })")]
    [InlineData("DagProvenanceRequired", ErrorCategory.InvalidOperation, "some", "Restart-DagRun some -NoProvenance")]
    [InlineData("DagProvenanceRequired", ErrorCategory.InvalidOperation, "some", "Invoke-DagReplay some a -NoProvenance")]
    [InlineData("DagDatabaseInvalid", ErrorCategory.OpenError, "\"$Folder/x.db\"",
        "[IO.File]::WriteAllText(\"$Folder/x.db\", 'x' * 5000); Get-DagRun -DatabasePath \"$Folder/x.db\"")]
    [InlineData("DagDatabaseInvalid", ErrorCategory.OpenError, "\"$Folder/x.db\"",
        "[IO.File]::WriteAllText(\"$Folder/x.db\", 'x' * 5000); New-Dag d { Add-DagNode a { 1 } } | "
        + "Invoke-Dag -DatabasePath \"$Folder/x.db\"")]
    public void An_error_has_a_category_a_target_and_an_action(string id, ErrorCategory category, string target, string script)
    {
        var error = FailsWith(id, script);

        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Equal(target.Contains('$') ? Session.Run(target).Text : target, $"{error.TargetObject}");
        Assert.False(string.IsNullOrEmpty(error.ErrorDetails.RecommendedAction));
    }

    [Fact]
    public void A_cycle_names_its_path() => FailsWith(
        "DagCycle",
        "$d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 1 } -After a; Add-DagNode c { 1 } -After b; "
        + "Add-DagNode aside { 1 } -After b; Connect-DagNode c a }; Invoke-Dag $d",
        "a → b → c → a");

    [Fact]
    public void A_node_that_is_downstream_of_itself_is_a_cycle() =>
        FailsWith("DagCycle", "$d = New-Dag d { Add-DagNode a { 1 }; Connect-DagNode a a }; Invoke-Dag $d", "a → a");

    [Fact]
    public void A_status_that_cannot_be_restarted_is_named() => FailsWith(
        "DagRunNotRestartable", "$r = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag; Restart-DagRun $r.RunId", "completed");

    [Fact]
    public void A_database_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        Session.Run("$null = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag").Sound();
        StoreReader.Execute(Session.Database, "PRAGMA user_version = 999");

        var error = FailsWith("DagDatabaseNewer", "Get-DagRun");
        FailsWith("DagDatabaseNewer", "New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag");

        Assert.Equal(ErrorCategory.OpenError, error.CategoryInfo.Category);
        Assert.Equal("999|1",
            StoreReader.Query(Session.Database, "SELECT (SELECT user_version FROM pragma_user_version), count(*) FROM dag_runs"));
    }

    [Fact]
    public void An_error_that_ends_a_cmdlet_is_caught_by_try() => Gives(
        "DagNodeDuplicate",
            "try { New-Dag d { Add-DagNode a { 1 }; Add-DagNode a { 2 } } } catch { $_.FullyQualifiedErrorId.Split(',')[0] }");

    [Theory]
    [InlineData("$ErrorActionPreference = 'Stop'; ", "")]
    [InlineData("", " -ErrorAction Stop")]
    public void A_node_that_failed_says_of_which_run_where_the_error_ends_the_script(string preference, string argument) => Gives(
        "True a", preference +
            $"try {{ $null = New-Dag d {{ Add-DagNode a {{ throw 'no' }} }} | Invoke-Dag{argument} }} "
            + $"catch {{ \"$($_.Exception.RunId -eq (Get-DagRun).RunId) $($_.TargetObject)\"; $Error.Clear() }}");

    [Fact]
    public void The_run_is_in_its_variable_where_the_error_ends_the_script() => Gives(
        "failed no",
            "try { $null = New-Dag d { Add-DagNode a { throw 'no' } } | Invoke-Dag -OutVariable run -ErrorAction Stop } "
            + "catch { \"$($run.Status) $($run.Error)\"; $Error.Clear() }");

    [Fact]
    public void Bad_input_changes_nothing_in_the_database()
    {
        Session.Run(Kept +
            "Restart-DagRun $r.RunId -Dag (New-Dag d { Add-DagNode a { 2 }; Add-DagNode b { 1 } -After a }); "
            + "Restart-DagRun $r.RunId -Dag $d -SourceInput @{ zebra = 1 }; Invoke-DagReplay $r.RunId zebra; "
            + "Invoke-Dag $d -SourceInput @{ zebra = 1 }; Invoke-Dag $d -Override @{ zebra = { 1 } }");

        Assert.Equal("1|failed|2",
            StoreReader.Query(Session.Database, "SELECT count(*), max(status), (SELECT count(*) FROM node_executions) FROM dag_runs"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Inline")]
    public void The_script_stack_trace_has_the_lines_of_the_scripts_alone(string inline)
    {
        var script = Session.Folder.File("trace.ps1");
        File.WriteAllText(script, "function Deep { throw 'no' }\n$d = New-Dag d { Add-DagNode a { Deep } " + inline +
            " }\n$r = Invoke-Dag $d -ErrorVariable e -ErrorAction "
            + "SilentlyContinue\n$e[0].ScriptStackTrace\n$e[0].Exception.ErrorRecord.ScriptStackTrace\n$r.Nodes[0].Error\n");

        var text = Session.Run($"& '{script}'").Text;

        Assert.Contains($"at Deep, {script}: line 1", text, StringComparison.Ordinal);
        Assert.Contains($"at <ScriptBlock>, {script}: line 2", text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "<No file>", text.Replace("at <ScriptBlock>, <No file>: line 1", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Inline")]
    public void The_stack_of_an_error_that_does_not_terminate_has_no_line_of_the_module(string inline)
    {
        var script = Session.Folder.File("trace.ps1");
        File.WriteAllText(script, $$"""
            $from = '/no/such'
            $dag = New-Dag d { Add-DagNode a {{inline}} { Get-Item $using:from } }
            $null = $dag | Invoke-Dag -ErrorVariable e -ErrorAction SilentlyContinue
            ($e[0].ScriptStackTrace -split '\n').Count - $(if ('{{inline}}') { 2 } else { 0 })
            $e[0].ScriptStackTrace
            """);

        var lines = Session.Run($"& '{script}'").Text.ReplaceLineEndings("\n").Split('\n');

        Assert.Equal($"at <ScriptBlock>, {script}: line 2", lines[1]);
        Assert.Equal("1", lines[0]);
    }
}
