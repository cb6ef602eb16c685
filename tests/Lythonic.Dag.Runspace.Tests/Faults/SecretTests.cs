using System.Text;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Faults;

/// <summary>A secret goes through a run in every possible way. Afterwards its text is nowhere in the files.</summary>
public sealed class SecretTests : IDisposable
{
    private const string Secret = "Tr0ub4dor-and-3";

    private const string Make = $$"""
        function New-Secret { $secret = [securestring]::new(); foreach ($c in '{{Secret}}'.ToCharArray()) { $secret.AppendChar($c) };
            $secret.MakeReadOnly(); , $secret }
        $secret = New-Secret
        $cred = [pscredential]::new('ada', $secret)
        """;

    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("source input by parameter", "Add-DagNode a { param([pscredential]$Credential) $Credential.UserName }",
        "@{ Credential = $cred }")]
    [InlineData("source input by label", "Add-DagNode a { param([securestring]$Key) $Key.Length }", "@{ a = @{ Key = $secret } }")]
    [InlineData("source input inside a table", "Add-DagNode a { param([hashtable]$Options) $Options.Count }",
        "@{ Options = @{ Login = $cred; All = @($secret, $cred) } }")]
    [InlineData("a constant", "Add-DagNode a -Parameter @{ Key = $secret; Login = $cred } { param($Key, $Login) $Login.UserName }")]
    [InlineData("a using value", "Add-DagNode a { ($using:cred).UserName }")]
    [InlineData("an output", "Add-DagNode a { $using:cred } ; Add-DagNode b -After a { param($a) $a.UserName }")]
    [InlineData("an output in a table",
        "Add-DagNode a { @{ Login = $using:cred; Deep = @(@{ Key = $using:secret }) } }; Add-DagNode b -After a { param($a) $a }")]
    [InlineData("an output in an object",
        "Add-DagNode a { [pscustomobject]@{ Login = $using:cred; Key = $using:secret } }; Add-DagNode b -After a { param($a) $a }")]
    [InlineData("a network credential",
        "Add-DagNode a { ($using:cred).GetNetworkCredential() }; Add-DagNode b -After a { param($a) $a.UserName }")]
    [InlineData("elements of a map", "Add-DagNode a { , @($using:cred, $using:secret) }; Add-DagNode b -After a -Map { param($x) $x }")]
    [InlineData("a map over a table",
        "Add-DagNode a { @{ one = $using:cred; two = $using:secret } } -OutputType ([hashtable]); "
        + "Add-DagNode b -After a -Map { param($x) $x }")]
    [InlineData("what a node throws", "Add-DagNode a { throw $using:cred }")]
    [InlineData("the target of an error",
        "Add-DagNode a { $c = $using:cred; "
        + "$PSCmdlet.ThrowTerminatingError([System.Management.Automation.ErrorRecord]::new([Exception]::new('no'), 'Id', 'NotSpecified', "
        + "$c)) }")]
    [InlineData("a value that does not convert", "Add-DagNode a { $using:secret }; Add-DagNode b -After a { param([int]$x) $x }")]
    [InlineData("an output that does not convert", "Add-DagNode a { $using:cred } -OutputType ([datetime])")]
    [InlineData("source input that does not convert", "Add-DagNode a { param([int]$Key) $Key }", "@{ Key = $secret }")]
    [InlineData("a switch that does not know its branch",
        "Add-DagNode a { $using:secret }; Add-DagNode b -After a -Switch @{ x = { 1 } } -By { $_ }")]
    [InlineData("messages",
        "Add-DagNode a { [CmdletBinding()] param() $PSCmdlet.WriteVerbose($using:cred); $PSCmdlet.WriteWarning($using:secret); "
        + "$PSCmdlet.WriteInformation($using:cred, @()); $PSCmdlet.WriteDebug($using:secret) }")]
    [InlineData("a method",
        "Add-DagNode a { $using:secret } -OutputType ([securestring]); Add-DagNode b -After a -Method ([Convert].GetMethod('GetTypeCode', "
        + "[type[]]@([object])))")]
    public void A_secret_is_in_no_file_of_the_run(string way, string nodes, string input = "@{}")
    {
        var run = _session.Run($$"""
            {{Make}}
            $dag = New-Dag d { {{nodes}} }
            $run = $dag | Invoke-Dag -SourceInput {{input}} -DatabasePath $Database -ErrorAction SilentlyContinue
            $run = $dag | Invoke-Dag -SourceInput {{input}} -DatabasePath $Database -ErrorAction SilentlyContinue -Tag again
            @(Get-DagRun -DatabasePath $Database).Count
            """);

        // A value that cannot be converted never becomes a run.
        Assert.True($"{(run.Output is [.., var last] ? last : null)}" == (way == "source input that does not convert" ? "0" : "2"),
            $"{way}: {run.TerminatingError} {string.Join('\n', run.Errors)}");
        foreach (var file in Directory.GetFiles(_session.Folder.Path, "*", SearchOption.AllDirectories))
            AssertNot(way, file, File.ReadAllBytes(file));
    }

    [Fact]
    public void A_restart_asks_for_the_secret_and_takes_it_from_source_input()
    {
        var run = _session.Run($$"""
            {{Make}}
            $dag = New-Dag d { Add-DagNode a { param([pscredential]$Credential) if ($DagContext.Attempt -eq 1) { throw 'later' };
                $Credential.GetNetworkCredential().Password.Length } }
            $run = $dag | Invoke-Dag -SourceInput @{ Credential = $cred } -DatabasePath $Database -ErrorAction SilentlyContinue
            $run.Status
            try { ($run | Restart-DagRun -Dag $dag -ErrorAction Stop).Status } catch { 'asked' }
            ($run | Restart-DagRun -Dag $dag -SourceInput @{ Credential = $cred }).Outputs['a']
            """);

        Assert.Equal($"failed,asked,{Secret.Length}", run.Sound().Text.Replace('\n', ','));
    }

    private static void AssertNot(string way, string file, byte[] bytes)
    {
        Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)) < 0, $"{way}: {Path.GetFileName(file)}");
        Assert.True(bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(Secret)) < 0, $"{way}: {Path.GetFileName(file)}");
    }
}
