using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

/// <summary>What <c>Test-Dag</c> says of variables that a node reads and a worker does not have.</summary>
public sealed class CallerVariableTests : ModuleTest
{
    private const string Variables =
        "$limit = 3; $names = 'a', 'b'; $empty = $null; function global:Use-Block { param([scriptblock]$Block) & $Block }; ";

    [Fact]
    public void A_variable_of_the_caller_is_a_warning_that_names_it_and_says_what_to_write() => Gives(
        "Warning DagInputMissing check True True",
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
    [InlineData("1 | ForEach-Object -Parallel { $limit }")]
    [InlineData("Start-Job { $limit }")]
    [InlineData("$empty; $nowhere")]
    public void What_is_the_nodes_own_or_comes_along_is_no_warning(string code) => Assert.Equal("", Warned(code));

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

    private string Warned(string code) =>
        Session.Run(
            $"{Variables} (New-Dag d {{ Add-DagNode a {{ {code} }} }} | Test-Dag | ForEach-Object {{ [regex]::Match($_.Message, "
            + $"'reads \\$(\\w+)').Groups[1].Value }}) -join ','").Sound().Text;
}
