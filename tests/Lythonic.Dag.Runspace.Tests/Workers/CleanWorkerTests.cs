using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>What a node leaves behind does not reach the next one, nor the caller.</summary>
[Collection(OwnEnvironment.Name)]
public sealed class CleanWorkerTests : ModuleTest
{
    [Theory]
    [InlineData("$global:leak = 1", "$global:leak")]
    [InlineData("$script:leak = 1", "$script:leak")]
    [InlineData("$script:leak++; $global:other, $global:leak = 1, 2", "\"$leak$other\"")]
    [InlineData("[int]$global:leak = 1", "$global:leak")]
    [InlineData("$global:leak = @{}; $global:leak['a'] = 1", "$global:leak")]
    [InlineData("$leak = 1", "$leak")]
    [InlineData("function global:Leak { 1 }", "Get-Command Leak -ErrorAction Ignore")]
    [InlineData("function Leak { 1 }", "Get-Command Leak -ErrorAction Ignore")]
    [InlineData("$ExecutionContext.InvokeProvider.Item.Set('alias:leak', 'Get-Item')",
        "if ($ExecutionContext.SessionState.InvokeCommand.GetCommand('leak', 'Alias')) { 1 }")]
    [InlineData("$env:LYTHONIC_LEAK = 1", "$env:LYTHONIC_LEAK")]
    [InlineData("[Environment]::SetEnvironmentVariable('LYTHONIC_LEAK', 1)", "$env:LYTHONIC_LEAK")]
    [InlineData("[Environment]::CurrentDirectory = $PWD.Path", "if ([Environment]::CurrentDirectory -eq $PWD.Path) { 1 }")]
    [InlineData("[IO.Directory]::SetCurrentDirectory($PWD.Path)", "if ([Environment]::CurrentDirectory -eq $PWD.Path) { 1 }")]
    [InlineData("$null = $ExecutionContext.SessionState.Path.SetLocation('/')", "if ($PWD.Path -eq '/') { 1 }")]
    [InlineData("$ExecutionContext.SessionState.Path.PushCurrentLocation($null)",
        "if ($ExecutionContext.SessionState.Path.LocationStack($null).Count) { 1 }")]
    [InlineData("$null = & dotnet no-such-command 2>&1", "$LASTEXITCODE")]
    [InlineData("$ErrorActionPreference = 'Stop'", "if ($ErrorActionPreference -eq 'Stop') { 1 }")]
    [InlineData("$global:ErrorActionPreference = 'Stop'", "if ($ErrorActionPreference -eq 'Stop') { 1 }")]
    [InlineData("try { throw 'x' } catch { }", "if ($Error.Count) { 1 }")]
    [InlineData("$PSDefaultParameterValues['A:b'] = 1", "if ($PSDefaultParameterValues.Contains('A:b')) { 1 }")]
    [InlineData("break", "if ($false) { 1 }")]
    [InlineData("foreach ($global:leak in 1) { }", "$global:leak")]
    [InlineData("$null = Write-Output 1 -OutVariable global:leak", "$leak")]
    [InlineData("Set-Content function:global:Leak '1'", "Get-Command Leak -ErrorAction Ignore")]
    [InlineData("$null = & ([scriptblock]::Create('$global:leak = 1'))", "$leak")]
    [InlineData("$ExecutionContext.SessionState.PSVariable.Set('global:leak', 1)", "$leak")]
    [InlineData("$null = $ExecutionContext.InvokeCommand.InvokeScript('$global:leak = 1')", "$leak")]
    [InlineData("$null = New-Module leaky { function Leak { 1 } }", "Get-Command Leak -ErrorAction Ignore")]
    [InlineData("Microsoft.PowerShell.Utility\\Set-Alias Leak Get-Item -Scope Global", "Get-Command Leak -ErrorAction Ignore")]
    [InlineData("Remove-Alias gci -Force", "if (-not (Get-Alias gci -ErrorAction Ignore)) { 1 }")]
    [InlineData("$null = New-PSDrive leak FileSystem / -Scope Global", "Get-PSDrive leak -ErrorAction Ignore")]
    [InlineData("$null = New-Event leak", "(Get-Event).SourceIdentifier")]
    [InlineData("Push-Location / -StackName leak", "if ((Get-Location -StackName leak -ErrorAction Ignore).Count) { 1 }")]
    public void What_a_node_sets_does_not_reach_the_next(string sets, string seen) => Gives(
        "completed []",
        $$"""
        $null = $ExecutionContext.SessionState.Path.SetLocation($Folder)
        $run = New-Dag d { Add-DagNode a { {{sets}} }; Add-DagNode b -After a { {{seen}} } } | Invoke-Dag -ThrottleLimit 1 -NoProvenance
        "$($run.Status) [$($run.Outputs['b'])]"
        """);

    [Theory]
    [InlineData("Count")]
    [InlineData("CountToo")]
    [InlineData("Tally")]
    [InlineData("Tell")]
    public void What_a_function_of_the_session_sets_does_not_reach_the_next(string called) => Gives(
        "1",
        $$"""
        function global:Count { $script:count++; $script:count }
        function CountToo { Count }
        Set-Alias Tally CountToo
        Set-Alias Tell Tally
        $run = New-Dag d { Add-DagNode a { {{called}} }; Add-DagNode b -After a { {{called}} } } | Invoke-Dag -ThrottleLimit 1 -NoProvenance
        "$($run.Outputs['b'])"
        """);

    [Theory]
    [InlineData("$global:leak = 1", true)]
    [InlineData("Count", true)]
    [InlineData("$global:ErrorActionPreference = 'Stop'", true)]
    [InlineData("[int]$global:leak = 1", false)]
    [InlineData("$global:leak = @{}; $global:leak['a'] = 1", false)]
    public void Only_what_cannot_be_put_back_by_name_costs_a_worker(string sets, bool isSame) => Gives(
        $"{isSame}",
        $$"""
        function Count { $script:count += 1 }
        $workers = 1..20 | Invoke-DagMap { {{sets}}; [runspace]::DefaultRunspace.Id } -ThrottleLimit 1 -NoProvenance
        ($workers | Select-Object -Unique).Count -lt 10
        """);

    [Fact]
    public void An_environment_variable_that_a_function_of_the_session_sets_does_not_reach_the_caller() => Gives(
        "[]",
        """
        function Mark { $env:LYTHONIC_LEAK = 1 }
        $null = New-Dag d { Add-DagNode a { Mark } } | Invoke-Dag -NoProvenance
        "[$env:LYTHONIC_LEAK]"
        $env:LYTHONIC_LEAK = $null
        """);

    [Fact]
    public void A_function_of_all_sessions_that_an_earlier_run_called_is_still_there() => Gives(
        "prompt cd",
        """
        $null = New-Dag d { Add-DagNode a { prompt; cd / } } | Invoke-Dag -NoProvenance
        (New-Dag d { Add-DagNode a { "$(Get-Command prompt) $(Get-Alias cd)" } } | Invoke-Dag -NoProvenance).Outputs['a']
        """);

    [Fact]
    public void A_function_that_an_earlier_run_brought_along_is_gone_where_the_next_has_none() => Gives(
        "False",
        """
        function Brought { 1 }
        $null = New-Dag one { Add-DagNode a { Brought } } | Invoke-Dag -NoProvenance
        Remove-Item function:Brought
        (New-Dag two { Add-DagNode a { [bool](Get-Command Brought -ErrorAction Ignore) } } | Invoke-Dag -NoProvenance).Outputs['a']
        """);

    [Fact]
    public void Environment_variables_are_as_they_were_after_nodes_that_ran_side_by_side() => Gives(
        "before ",
        """
        $env:LYTHONIC_KEPT = 'before'
        $run = New-Dag d { Add-DagNode a { 1..50 }; Add-DagNode m -After a -Map { $env:LYTHONIC_KEPT = $_; $env:LYTHONIC_NEW = $_ } } |
            Invoke-Dag -ThrottleLimit 4 -NoProvenance
        "$env:LYTHONIC_KEPT $env:LYTHONIC_NEW"
        $env:LYTHONIC_KEPT = $null
        """);

    [Theory]
    [InlineData("-Variable @{ four = 4 }", "", "$four")]
    [InlineData("-Function Twice", "function Twice { 2 }; ", "if (Get-Command Twice -ErrorAction Ignore) { 1 }")]
    public void What_one_dag_makes_known_is_unknown_to_the_next(string known, string before, string seen) => Gives(
        "[]",
        $$"""
        {{before}}
        $null = New-Dag one {{known}} { Add-DagNode a { 1 } } | Invoke-Dag -ThrottleLimit 1 -NoProvenance
        "[$((New-Dag two { Add-DagNode a { & { {{seen}} } } } | Invoke-Dag -ThrottleLimit 1 -NoProvenance).Outputs['a'])]"
        """);

    [Fact]
    public void A_node_that_exits_fails_and_the_next_run_works() => Gives(
        "failed completed",
        """
        $null = $run = New-Dag d { Add-DagNode a { exit 3 } } | Invoke-Dag -NoProvenance -ErrorAction SilentlyContinue
        "$($run.Status) $((New-Dag e { Add-DagNode a { 1 } } | Invoke-Dag -NoProvenance).Status)"
        """);

    [Fact]
    public void The_same_node_ten_thousand_times_over_eight_workers_gives_every_result_once() => Gives(
        "completed 10000 0",
        """
        $run = New-Dag d { Add-DagNode a { 1..10000 } -OutputType ([int[]]);
            Add-DagNode m -After a -Map { param([int]$x) $y = $x; "$y $($x * 2)" } } | Invoke-Dag -NoProvenance -ThrottleLimit 8
        $wrong = 0
        foreach ($i in 1..10000) { if ($run.Outputs['m'][$i - 1] -ne "$i $($i * 2)") { $wrong++ } }
        "$($run.Status) $($run.Outputs['m'].Count) $wrong"
        """);
}
