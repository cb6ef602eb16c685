using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosts;

/// <summary>Nodes in a process of their own: what of the caller is there, and what comes back.</summary>
public sealed class ProcessTests : HostTest
{
    [Fact]
    public void A_node_runs_in_the_other_process_and_names_its_host() => Gives(
        "False\nfar\nfar",
        """
        $dag = New-Dag d { Add-DagNode a -On $Process { [pscustomobject]@{ Id = $PID; Host = $DagContext.HostName } } }
        $run = $dag | Invoke-Dag
        $run.Outputs['a'].Id -eq $PID; $run.Outputs['a'].Host; $run.Nodes['a'].Host
        """);

    [Fact]
    public void A_node_that_ends_its_process_is_told_by_the_hosts_name_and_the_exit_code() => FailsWith(
        "DagNodeFailed",
        "$null = New-Dag d { Add-DagNode a -On $Process { [Environment]::Exit(3) } } | Invoke-Dag",
        "The host 'far' is unreachable: its PowerShell ended (exit code 3).");

    [Fact]
    public void An_argument_that_is_refused_there_names_its_upstreams_and_the_position_is_the_code_of_the_node() => Gives(
        "'x' is the output of 's'; 'a' only comes before. True False",
        """
        $run = New-Dag d { Add-DagNode s { 's' }; Add-DagNode a { 1, 2 }; Add-DagNode b -After s, a -On $Process { param([int]$x) $x } } |
            Invoke-Dag -ErrorAction SilentlyContinue -ErrorVariable failed
        $at = $failed[0].InvocationInfo.PositionMessage
        "$($run.Error -replace '^.*(?=''x'' is)') $($at.Contains('param([int]$x)')) $($at.Contains('__'))"
        """);

    [Fact]
    public void The_elements_of_a_map_run_there_in_the_order_of_the_list() => Gives(
        "2 4 6 8",
        """
        $dag = New-Dag d { Add-DagNode a { 1..4 }; Add-DagNode b -After a -On $Process -Map { param([int]$n) $n * 2 } }
        ($dag | Invoke-Dag).Outputs['b'] -join ' '
        """);

    [Fact]
    public void Using_values_variables_functions_aliases_and_namespaces_come_along() => Gives(
        "7 a 8 8 StringBuilder",
        """
        Set-Content $Folder/nodes.ps1 @'
        using namespace System.Text
        $far = 7
        function Get-Twice($n) { 2 * $n }
        Set-Alias twice Get-Twice
        New-Dag d -Variable @{ letter = 'a' } {
            Add-DagNode a -On $Process { "$using:far $letter $(Get-Twice 4) $(twice 4) $([StringBuilder].Name)" }
        } | Invoke-Dag | ForEach-Object { $_.Outputs['a'] }
        '@
        . $Folder/nodes.ps1
        """);

    [Fact]
    public void Aliases_of_all_sessions_and_what_replaces_them_leave_no_error_and_are_there_again_afterwards() => Gives(
        "0\nSet-Location 0\nPush-Location 0\nPush-Location 0\nSet-Location 0",
        """
        function Invoke-Node([scriptblock]$Code) {
            $run = New-Dag d { Add-DagNode a -On $Process $Code } | Invoke-Dag -ErrorAction SilentlyContinue
            "$($run.Outputs['a']) $($run.Nodes['a'].ErrorCount)".TrimStart()
        }
        Invoke-Node { cd /; pushd /; popd }
        Invoke-Node { (Get-Alias cd).Definition }
        Set-Alias cd Push-Location -Option AllScope -Force -Scope Global
        Invoke-Node { cd /; (Get-Alias cd).Definition }
        Invoke-Node { cd /; pushd /; popd; (Get-Alias cd).Definition }
        Invoke-Node { (Get-Alias cd).Definition }
        Set-Alias cd Set-Location -Option AllScope -Force -Scope Global
        """);

    [Fact]
    public void A_filter_and_a_function_with_parameters_in_parentheses_come_as_they_are() => Gives(
        "2 4|5",
        """
        filter Twice { $_ * 2 }
        function Add([int]$One, [int]$Two = 3) { $One + $Two }
        (New-Dag d { Add-DagNode a -On $Process { "$(1, 2 | Twice)|$(Add 2)" } } | Invoke-Dag).Outputs['a']
        """);

    [Fact]
    public void Preferences_and_strictness_are_those_of_the_caller() => Gives(
        "Stop strict",
        """
        $ErrorActionPreference = 'Stop'
        Set-StrictMode -Version Latest
        $dag = New-Dag d {
            Add-DagNode a -On $Process {
                $strict = try { $undefined } catch { 'strict' }
                "$ErrorActionPreference $strict" }
        }
        ($dag | Invoke-Dag).Outputs['a']
        """);

    [Fact]
    public void A_strict_DAG_is_strict_there() => FailsWith(
        "DagNodeFailed", "New-Dag d -Strict { Add-DagNode a -On $Process { Write-Error 'soft'; 1 } } | Invoke-Dag", "soft");

    [Fact]
    public void An_error_has_its_position_in_the_file_and_its_own_stack()
    {
        Session.Run("Set-Content $Folder/nodes.ps1 'New-Dag d {', '  Add-DagNode a -On $Process {', "
            + "'    throw \"deliberate\"', '  }', '} | Invoke-Dag'");

        var error = FailsWith("DagNodeFailed", "& $Folder/nodes.ps1", "deliberate");

        Assert.Equal(3, error.InvocationInfo.ScriptLineNumber);
        Assert.DoesNotContain("lythonicDagCall", error.ScriptStackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_that_does_not_terminate_has_the_position_and_the_stack_of_the_users_lines()
    {
        var result = Session.Run("""
            New-Dag d { Add-DagNode a -On $Process {
                Write-Error here
                Get-Item /no/such } } | Invoke-Dag -ErrorAction SilentlyContinue -ErrorVariable errors
            $errors | ForEach-Object { "$($_.InvocationInfo.ScriptLineNumber) $($_.ScriptStackTrace)" }
            """);

        Assert.Equal(["1 at <ScriptBlock>, <No file>: line 2", "3 at <ScriptBlock>, <No file>: line 3"], result.Output.Skip(1)
            .Select(line => line?.ToString()));
    }

    [Fact]
    public void What_it_writes_comes_to_the_streams_once_with_the_name_of_the_host()
    {
        var result = Session.Run("""
            $InformationPreference = 'Continue'
            $dag = New-Dag d { Add-DagNode a -On $Process {
                Write-Warning w; Write-Verbose v -Verbose; Write-Information i; Write-Host -NoNewline h; Write-Host k; Write-Error e } }
            $dag | Invoke-Dag
            """);

        Assert.Equal(["[a] far: w"], result.Warnings.Select(record => record.Message));
        Assert.Equal(["[a] far: v"], result.Verbose.Select(record => record.Message));
        Assert.Equal(["far: i", "far: h", "k"], result.Information.Select(record => record.MessageData.ToString()));
        Assert.Equal(["e"], result.Errors.Select(error => error.ToString()));
    }

    [Fact]
    public void A_declared_array_stays_one_and_what_does_not_convert_fails()
    {
        Gives("True 1", """
            $a = (New-Dag d { Add-DagNode a -On $Process -OutputType ([int[]]) { '1' } } | Invoke-Dag).Outputs['a']
            "$($a -is [int[]]) $($a.Count)"
            """);
        FailsWith("DagNodeFailed", "New-Dag d { Add-DagNode a -On $Process -OutputType ([int]) { 'x' } } | Invoke-Dag", "x");
    }

    [Fact]
    public void A_pause_there_pauses_the_run_and_a_restart_goes_on() => Gives(
        "paused later\ncompleted 2",
        """
        $dag = New-Dag d { Add-DagNode a -On $Process {
            if ($DagContext.Attempt -eq 1) { $DagContext.Pause('later') }; $DagContext.Attempt } }
        $run = $dag | Invoke-Dag
        "$($run.Status) $($run.Nodes['a'].Error)"
        $run = $run | Restart-DagRun
        "$($run.Status) $($run.Outputs['a'])"
        """);

    [Fact]
    public void Exit_ends_that_process_alone_and_says_so()
    {
        FailsWith("DagNodeFailed", "New-Dag d { Add-DagNode a -On $Process { 1; exit 3 } } | Invoke-Dag", "far", "ended its runspace");
        Gives("1", "(New-Dag d { Add-DagNode a -On $Process { 1 } } | Invoke-Dag).Outputs['a']");
    }

    [Fact]
    public void A_command_that_cannot_be_started_is_unreachable()
    {
        var error = FailsWith(
            "DagNodeFailed",
            "New-Dag d { Add-DagNode a -On @{ Command = 'no-such-program', '-s' } { 1 } } | Invoke-Dag",
            "no-such-program",
            "unreachable");

        Assert.Equal(System.Management.Automation.ErrorCategory.ConnectionError, error.CategoryInfo.Category);
    }

    [Fact]
    public void One_node_alone_runs_on_its_host() => Gives(
        "far 5",
        "New-Dag d { Add-DagNode a -On $Process { \"$($DagContext.HostName) $_\" } } | Invoke-DagNode -Name a -Parameter @{ _ = 5 }");

    [Fact]
    public void An_override_runs_here_and_inline_keeps_the_host() => Gives(
        "True here\nfalse",
        """
        $dag = New-Dag d { Add-DagNode a -On $Process { $PID } }
        $run = $dag | Invoke-Dag -Override @{ a = { $PID } }
        "$($run.Outputs['a'] -eq $PID) $($run.Nodes['a'].Host ?? 'here')"
        ($dag | Invoke-Dag -Inline).Outputs['a'] -eq $PID ? 'true' : 'false'
        """);
}
