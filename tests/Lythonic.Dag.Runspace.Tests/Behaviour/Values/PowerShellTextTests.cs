using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>Types that PowerShell's own serializer brings back, and that are stored as one text.</summary>
public sealed class PowerShellTextTests : ModuleTest
{
    private const string Certificate = """
        [Security.Cryptography.X509Certificates.X509Certificate2]::new(
            [Security.Cryptography.X509Certificates.CertificateRequest]::new(
                'CN=x', [Security.Cryptography.RSA]::Create(2048), 'SHA256', [Security.Cryptography.RSASignaturePadding]::Pkcs1
            ).CreateSelfSigned('2026-01-01', '2027-01-01').RawData)
        """;

    private const string Progress = """
        & {
            $p = [Management.Automation.ProgressRecord]::new(1, 'act', 'stat')
            $p.PercentComplete = 7
            $p.CurrentOperation = $null
            $p
        }
        """;

    [Theory]
    [InlineData("[Net.Mail.MailAddress]'a@b.c'", "\"$_\"")]
    [InlineData("[Net.Mail.MailAddress]::new('a@b.c', 'Joe \"the\" Ü, Jr.')", "\"$($_.DisplayName) $($_.Address)\"")]
    [InlineData("[X500DistinguishedName]'CN=x, O=\"a, b\"'", "[Convert]::ToHexString($_.RawData)")]
    [InlineData("[X500DistinguishedName]::new([byte[]](48, 0))", "[Convert]::ToHexString($_.RawData)")]
    [InlineData(Certificate, "\"$($_.Thumbprint) $($_.Subject)\"")]
    [InlineData("[Management.Automation.CompletionResult]::new('a', 'b', 'Command', \"t`n2\")",
        "\"$($_.CompletionText) $($_.ListItemText) $($_.ResultType) $($_.ToolTip)\"")]
    [InlineData("[Microsoft.PowerShell.Commands.ModuleSpecification]'x'", "\"$_\"")]
    [InlineData(
        "[Microsoft.PowerShell.Commands.ModuleSpecification]@{ ModuleName = \"x'y\"; ModuleVersion = '1.0'; MaximumVersion = '2.0' }",
        "\"$_\"")]
    [InlineData(Progress, "\"$($_.ActivityId) $($_.Activity) $($_.StatusDescription) [$($_.CurrentOperation)] $($_.PercentComplete)\"")]
    public void A_value_comes_back_from_the_store_as_what_it_was(string value, string shown) => Gives(
        "True True",
        $$"""
        $made = {{value.Replace("[X500", "[Security.Cryptography.X509Certificates.X500", StringComparison.Ordinal)}}
        $run = New-Dag d { Add-DagNode a -Inline { , $made } } | Invoke-Dag
        $back = (Get-DagRun $run.RunId).Outputs['a']
        "$($back.GetType() -eq $made.GetType()) $(($back | ForEach-Object { {{shown}} }) -ceq ($made | ForEach-Object { {{shown}} }))"
        """);

    [Theory]
    [InlineData($"& {{ $c = {Certificate}; $c.Dispose(); $c }}")]
    [InlineData("[Microsoft.PowerShell.Commands.ModuleSpecification]::new()")]
    [InlineData("[Management.Automation.ProgressRecord]::new(1)")]
    public void One_of_which_no_text_can_be_made_is_stored_as_a_live_object_is(string value) => Gives(
        "completed 2 1 True",
        $$"""
        $made = {{value}}
        $dag = New-Dag d {
            Add-DagNode a -Inline { , @(1, $made) }
            Add-DagNode b -After a { param($x) if ($DagContext.Attempt -eq 1) { throw 'no' }; $x[0] }
        }
        $run = $dag | Invoke-Dag -ErrorAction SilentlyContinue | Restart-DagRun
        $back = (Get-DagRun $run.RunId).Nodes['a'].Output
        "$($run.Status) $($back.Count) $($run.Outputs['b']) $($back[1].PSTypeNames[0] -like 'Deserialized.*')"
        """);
}
