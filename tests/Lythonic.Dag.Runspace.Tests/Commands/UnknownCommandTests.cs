using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

/// <summary>Code that calls a command by a name that the session does not find, such as a misspelled one.</summary>
public sealed class UnknownCommandTests : ModuleTest
{
    private const string Shown =
        " | Test-Dag | ForEach-Object { \"$($_.Severity) $($_.ErrorId) $($_.Node)|$($_.Message)|$($_.RecommendedAction)\" }";

    private const string Action =
        "Correct the name. If the command comes from a function or a module that is not here yet, "
            + "name it with New-Dag -Function or -Module.";

    [Fact]
    public void A_misspelled_command_is_a_warning_that_asks_what_was_meant() => Gives(
        "Warning DagNodeDoubtful a|The node 'a' calls 'Get-Chiltem', and this session finds no command of that name. "
            + $"Did you mean 'Get-ChildItem'?|{Action}",
        "New-Dag d { Add-DagNode a { Get-Chiltem -File } }" + Shown);

    [Theory]
    [InlineData("Add-DagNode a { 1 | ForEach-Object { frobnicate $_ } }", "a: frobnicate")]
    [InlineData("Add-DagNode a { & frobnicate; & { Get-Frob } }", "a: frobnicate, a: Get-Frob")]
    [InlineData("Add-DagNode a { 1 } -If { Get-Frob }", "a: Get-Frob")]
    [InlineData("Add-DagNode a { 1 } -On somewhere -RetryOn { Get-Frob }", "a: Get-Frob")]
    [InlineData("Add-DagNode a { Get-Frob } -On Process", "a: Get-Frob")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode m -After a -Map { Get-Frob $_ }", "m/m: Get-Frob")]
    [InlineData("Add-DagNode a { Get-Frob; get-frob } -Inline", "a: Get-Frob")]
    [InlineData("Add-DagNode a { if (1) { function F { Get-Frob }; F } }", "a: Get-Frob")]
    [InlineData("Add-DagNode a { (1..3).ForEach({ Get-Frob }) | Sort-Object @{ Expression = { Get-Grob } } }", "a: Get-Frob, a: Get-Grob")]
    public void It_is_found_wherever_code_runs_in_this_session(string nodes, string found) => Gives(
        found,
        $"(New-Dag d {{ {nodes} }} | Test-Dag | ForEach-Object {{ \"$($_.Node): $($_.Message -replace '.* calls ''(.*?)'',.*', '$1')\" }}) "
            + "-join ', '");

    [Theory]
    [InlineData("Get-ChildItem; gci; mkdir x; ls; date; dotnet --version; % { 1 }; ? { 1 }; help")]
    [InlineData("function Get-Frob { 1 }; Get-Frob")]
    [InlineData("function script:Get-Frob { 1 }; Get-Frob")]
    [InlineData("Set-Alias frob Get-Date; frob")]
    [InlineData("Set-Item function:Get-Frob { 1 }; Get-Frob")]
    [InlineData("${function:Get-Frob} = { 1 }; Get-Frob")]
    [InlineData(". ./functions.ps1; Get-Frob")]
    [InlineData("Import-Module ./frob.psm1; Get-Frob")]
    [InlineData("Connect-FrobOnline; Get-Frob")]
    [InlineData("Initialize-Frob; Get-Frob")]
    [InlineData("Invoke-Expression $text; Get-Frob")]
    [InlineData("$ExecutionContext.InvokeCommand.InvokeScript('x'); Get-Frob")]
    [InlineData("if (Get-Command frob -ErrorAction Ignore) { frob }")]
    [InlineData("if ($IsWindows) { robocopyx a b } else { rsyncx a b }")]
    [InlineData("$env:PATH += ':/opt/frob'; frob")]
    [InlineData("try { frob } catch { 2 }")]
    [InlineData("frob 2>$null")]
    [InlineData("./frob; /opt/frob; frob.exe; Frob\\Get-Frob; ~/frob; C:frob")]
    [InlineData("$name = 'Get-Frob'; & $name; & \"Get-$name\"")]
    [InlineData("Invoke-Command web1 { Get-Frob }; Start-Job { Get-Frob }; 1 | ForEach-Object -Parallel { Get-Frob }")]
    [InlineData("$later = { Get-Frob }; Get-Date -Date { Get-Frob }; Some-Word 2>$null { Get-Frob }")]
    public void A_command_that_may_be_there_when_the_code_runs_is_not_warned_of(string code) =>
        Gives("", $"New-Dag d {{ Add-DagNode a {{ {code} }} }} | Test-Dag | Where-Object Message -Match ' calls '");

    [Theory]
    [InlineData("Add-DagNode a { Get-Frob } -On somewhere")]
    [InlineData("Add-DagNode a { Get-Frob } -On { 'somewhere' }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode m -After a -On somewhere -Map { Get-Frob $_ }")]
    [InlineData("Add-DagNode a { Import-Module ./frob.psm1 } -Inline; Add-DagNode b -After a { Get-Frob } -Inline")]
    [InlineData("function Get-Frob { 1 }; Add-DagNode a { Get-Frob }")]
    [InlineData("Add-DagNode a { $IsWindows }; Add-DagNode b -After a -If { $_ } { robocopyx }")]
    public void Another_host_may_have_it_and_so_may_what_runs_before(string nodes) =>
        Gives("", $"New-Dag d {{ {nodes} }} | Test-Dag | Where-Object Message -Match ' calls '");

    [Theory]
    [InlineData("-Function Get-Frob")]
    [InlineData("-Module ./frob.psm1")]
    public void What_the_DAG_brings_is_not_warned_of(string argument) =>
        Gives("", $"New-Dag d {argument} {{ Add-DagNode a {{ Get-Frob }} }} | Test-Dag");

    [Fact]
    public void A_module_that_is_loaded_is_searched_too() => Gives(
        "Get-Grob",
        "New-Module frob { function Get-Frob { } } | Import-Module -Prefix X; "
            + "New-Dag d -Module frob { Add-DagNode a { Get-Grob; Get-XFrob; Get-Frob } } | Test-Dag "
            + "| ForEach-Object { $_.Message -replace '.* calls ''(.*?)'',.*', '$1' }");

    [Fact]
    public void Code_of_a_module_has_the_commands_of_its_module() => Gives(
        "Get-Grob",
        "$null = New-Module frob { function Get-Frob { }; function New-FrobDag { New-Dag d { Add-DagNode a { Get-Frob; Get-Grob } } }; "
            + "Export-ModuleMember New-FrobDag } | Import-Module; New-FrobDag | Test-Dag "
            + "| ForEach-Object { $_.Message -replace '.* calls ''(.*?)'',.*', '$1' }");

    [Theory]
    [InlineData("$PSModuleAutoLoadingPreference = 'None'")]
    [InlineData("$ExecutionContext.InvokeCommand.CommandNotFoundAction = { }")]
    public void A_session_that_finds_commands_in_its_own_way_is_not_judged(string setting) =>
        Gives("", $"{setting}; New-Dag d {{ Add-DagNode a {{ Get-Frob }} }} | Test-Dag");

    [Fact]
    public void Looking_loads_no_module() => Gives(
        "",
        """
        $folder = Join-Path $Folder modules
        $null = New-Item -ItemType Directory (Join-Path $folder Frob)
        Set-Content (Join-Path $folder Frob Frob.psm1) '$global:loaded = 1; function Get-Frob { 1 }; Export-ModuleMember -Function Get-Frob'
        $old = $env:PSModulePath
        try {
            $env:PSModulePath = "$folder$([IO.Path]::PathSeparator)$old"
            New-Dag d { Add-DagNode a { Get-Frob } } | Test-Dag
        }
        finally { $env:PSModulePath = $old }
        "$((Get-Module Frob).Name)$loaded"
        """);

    [Fact]
    public void A_DAG_as_a_list_counts_it() => Gives(
        "True", "(New-Dag d { Add-DagNode a { Get-Chiltem } } | Format-List | Out-String) -match 'Problems\\s*: 1 warning'");
}
