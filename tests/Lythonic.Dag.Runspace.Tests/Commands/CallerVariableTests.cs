using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

/// <summary>What <c>Test-Dag</c> says of variables that a node reads and a worker does not have.</summary>
public sealed class CallerVariableTests : ModuleTest
{
    private const string Variables =
        "$limit = 3; $names = 'a', 'b'; $empty = $null; function global:Use-Block { param([scriptblock]$Block) & $Block }; ";

    [Fact]
    public void A_variable_of_the_caller_is_a_warning_that_names_it_and_says_what_to_write() => Gives(
        "Warning DagVariableUnset check True True",
        Variables +
            "$p = New-Dag d { Add-DagNode check { if ($_ -gt $limit) { 'much' } } } | Test-Dag; "
            + "\"$($p.Severity) $($p.ErrorId) $($p.Node) $($p.Message.Contains('$using:limit')) "
            + "$($p.Message.Contains('New-Dag -Variable'))\"");

    [Theory]
    [InlineData("$limit", "limit")]
    [InlineData("\"at most $limit\"", "limit")]
    [InlineData("& { $limit }", "limit")]
    [InlineData("$limit.Length; $names[0]", "limit,names")]
    [InlineData("Use-Block { $limit }", "limit")]
    [InlineData("Get-Command @names", "names")]
    [InlineData("$limit + $limit", "limit")]
    [InlineData("function inner { $limit }; inner", "limit")]
    [InlineData("$result = $limit; $result", "limit")]
    public void A_read_is_found_wherever_it_stands(string code, string names) => Assert.Equal(names, Warned(code));

    [Theory]
    [InlineData("$using:limit")]
    [InlineData("$using:names[0]")]
    [InlineData("$limit = 1; $limit")]
    [InlineData("$limit, $names = 1, 2; $limit")]
    [InlineData("[int]$limit = 1; $limit")]
    [InlineData("$limit += 1; $limit")]
    [InlineData("$limit++; $limit")]
    [InlineData("param($limit) $limit")]
    [InlineData("& { param($limit) $limit } 1")]
    [InlineData("function inner($limit) { $limit }; inner 1")]
    [InlineData("foreach ($limit in 1, 2) { $limit }")]
    [InlineData("1 | ForEach-Object -OutVariable limit { $_ }; $limit")]
    [InlineData("1 | ForEach-Object -ov +limit { $_ }; $limit")]
    [InlineData("1 | ForEach-Object -PipelineVariable limit { $_ } | ForEach-Object { $limit }")]
    [InlineData("Set-Variable limit 1; $limit")]
    [InlineData("Set-Variable -Value 1 -Name limit; $limit")]
    [InlineData("$ok = [int]::TryParse('1', [ref]$limit); $limit")]
    [InlineData("data limit { 1 }; $limit")]
    [InlineData(". $using:names[0]; $limit")]
    [InlineData("Invoke-Expression '$limit = 1'; $limit")]
    [InlineData("$global:limit; $script:limit; $env:limit; $local:limit; $private:limit")]
    [InlineData(
        "$_; $PSItem; $DagContext; $args; $input; $Matches; $LASTEXITCODE; $ErrorActionPreference; $PSDefaultParameterValues; $Host; $PWD; "
        + "$?; $PSScriptRoot; $null; $true")]
    [InlineData("switch (1) { 1 { $switch; $_ } }; try { throw 'a' } catch { $_; $Error }")]
    [InlineData("Get-ChildItem / -OutV files | Out-Null; $files; 'x' | Tee-Object -va tee | Out-Null; $tee")]
    [InlineData("$p = @{ Path = '/'; OutVariable = 'items' }; Get-ChildItem @p | Out-Null; $items")]
    [InlineData("New-Item -Path variable: -Name made -Value 3 | Out-Null; $made")]
    [InlineData("if (Get-Variable opt -EA Ignore) { $opt }; if (Test-Path variable:/other) { $other }")]
    [InlineData("1 | ForEach-Object -Parallel { $limit }")]
    [InlineData("Start-Job { $limit }")]
    [InlineData("$empty")]
    public void What_is_the_nodes_own_or_comes_along_is_no_warning(string code) => Assert.Equal("", Warned(code));

    [Theory]
    [InlineData("1..3 | Where-Object { $_ -lt $limitt }", "limitt")]
    [InlineData("\"$limit_$names\"", "limit_,names")]
    [InlineData("& { if ($one) { $two } }; $h = @{ a = $three }; $h", "one,two,three")]
    public void A_variable_that_nothing_sets_is_a_warning_too(string code, string names) => Assert.Equal(names, Warned(code));

    [Fact]
    public void The_warning_of_a_variable_that_nothing_sets_says_so_and_a_run_writes_it() => Gives(
        "The node 'a' reads $limitt, which nothing sets: it is empty. True",
        """
        $dag = New-Dag d { Add-DagNode a { $limitt } }
        $said = ($dag | Test-Dag).Message
        $null = $dag | Invoke-Dag -WarningVariable warned -WarningAction SilentlyContinue
        "$($said.Split('If the')[0].Trim()) $("$warned" -eq $said)"
        """);

    [Theory]
    [InlineData("& { $x = 1 }; $x")]
    [InlineData("$x[0] = 1; $x = 2")]
    [InlineData("for ($x = 0; $x -lt 1; $x++) { $x }; while (($y = 1) -gt 1) { $y }")]
    [InlineData("if (Test-Path variable:x) { $x }")]
    [InlineData("Import-Module m; $x")]
    [InlineData("Set-Mine; $x")]
    [InlineData("trap { $_ }; class C { [int]$N; [int] F([int]$x) { return $x + $this.N } }; [C]::new().F(1)")]
    [InlineData("$sb = { param($x) $x }; & $sb 1; filter f($y) { $y }")]
    [InlineData("$r = [System.Collections.Generic.Dictionary[string, int]]::new(); $null = $r.TryGetValue('a', [ref]$x); $x")]
    [InlineData("$p = @{ Name = 'x' }; Get-Item @p; $x.y = 1; $x = 1")]
    [InlineData("Invoke-Command -ComputerName c { $x }; Start-ThreadJob { $x }; 1 | ForEach-Object -Parallel { $x }")]
    [InlineData("$ConfirmPreference; $PSISE; $foreach; $Matches.a; $event; ${env:X}; $function:prompt; $c:x")]
    public void What_something_may_set_is_no_warning(string code) => Assert.Equal(
        "", Warned("function global:Set-Mine { Set-Variable x 1 -Scope 1 }; ", code));

    [Theory]
    [InlineData("New-Dag d -Variable @{ Limit = 1 } { Add-DagNode a { $limit } }")]
    [InlineData("New-Dag d { Add-DagNode a -Inline { $limit } }")]
    [InlineData("New-Dag d { Add-DagNode a { param($limit) $limit } -Parameter @{ limit = 1 } }")]
    [InlineData("New-Dag d -Variable @{ limit = 1 } { Add-DagNode a { 1 }; Add-DagNode m -After a -Map { $limit } }")]
    public void What_the_DAG_says_of_it_counts(string dag) => Assert.Equal("", Session.Run(Variables + dag + " | Test-Dag").Sound().Text);

    [Theory]
    [InlineData("Add-DagNode m -After a -Map { $limit }", "m/m")]
    [InlineData("Add-DagNode m -After a -Map @{ x = { 1 } } -By { $limit }", "m")]
    [InlineData("Add-DagNode m -After a { 1 } -RetryCount 1 -RetryOn { $limit }", "m")]
    [InlineData("$sub = New-Dag sub { Add-DagNode one { $limit } }; Add-DagNode c -After a -Call $sub", "c/one")]
    public void Blocks_beside_a_nodes_own_are_looked_at_too(string node, string name) =>
        Gives(name, Variables + $"(New-Dag d {{ Add-DagNode a {{ 1 }}; {node} }} | Test-Dag).Node");

    [Fact]
    public void A_warning_keeps_nothing_from_running() => Gives(
        "completed []", Variables + "$r = New-Dag d { Add-DagNode a { \"[$limit]\" } } | Invoke-Dag; \"$($r.Status) $($r.Outputs['a'])\"");

    private string Warned(string code) => Warned(Variables, code);

    private string Warned(string before, string code) =>
        Session.Run(
            $"{before} (New-Dag d {{ Add-DagNode a {{ {code} }} }} | Test-Dag | ForEach-Object {{ [regex]::Match($_.Message, "
            + $"'reads \\$(\\w+)').Groups[1].Value }}) -join ','").Sound().Text;
}
