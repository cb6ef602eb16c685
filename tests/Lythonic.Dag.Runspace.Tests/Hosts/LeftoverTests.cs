using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosts;

/// <summary>A connection is used again, and the next node finds nothing of the one before.</summary>
public sealed class LeftoverTests : HostTest
{
    // All sessions of this process share their idle connections, and a session that removes the module closes them: another trial is made
    // until both nodes had the same one.
    [Theory]
    [InlineData("Set-Location /", "\"$($PWD.Path -eq $HOME)\"", "True")]
    [InlineData("Push-Location /", "\"$($PWD.Path -eq $HOME) $((Get-Location -Stack).Count)\"", "True 0")]
    [InlineData("$env:LEFT = 1", "\"[$env:LEFT]\"", "[]")]
    [InlineData("$env:HOME = 'gone'", "\"$($env:HOME -ne 'gone')\"", "True")]
    [InlineData("$global:left = 1", "\"[$left]\"", "[]")]
    [InlineData("Set-Variable left 1 -Scope Global", "\"[$left]\"", "[]")]
    [InlineData("function global:Left { 1 }", "\"$([bool](Get-Command Left -ErrorAction Ignore))\"", "False")]
    [InlineData("Set-Alias left Get-Item -Scope Global", "\"$([bool](Get-Alias left -ErrorAction Ignore))\"", "False")]
    [InlineData("/bin/sh -c 'exit 3'", "\"[$LASTEXITCODE]\"", "[]")]
    [InlineData("Write-Error e -ErrorAction SilentlyContinue", "$Error.Count", "0")]
    public void Nothing_is_left(string first, string second, string expected) => Gives(
        $"True {expected}",
        $$"""
        $dag = New-Dag d {
            Add-DagNode a -On $Process { {{first}}; $PID }
            Add-DagNode b -After a -On $Process { param($id) "$($id -eq $PID) $({{second}})" }
        }
        foreach ($trial in 1..10) {
            $said = ($dag | Invoke-Dag).Outputs['b']
            if ($said -like 'True*') { break }
        }
        $said
        """);
}
