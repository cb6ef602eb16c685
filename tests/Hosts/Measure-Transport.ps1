# Compares calls over the transport with what PowerShell itself has, on one host, in turns. Run by the PowerShell that is to be measured:
#   pwsh -NoProfile -File tests/Hosts/Measure-Transport.ps1 [-Rounds 200]
# It needs sshd (see sshd.sh), and the tests of the transport built.
param([int]$Rounds = 200, [int]$Opens = 5, [string]$Configuration = 'Debug')

$ErrorActionPreference = 'Stop'
$root = Split-Path (Split-Path $PSScriptRoot)
$bin = Join-Path $root "tests/Lythonic.Dag.Transport.Tests/bin/$Configuration/net10.0"
'Lythonic.Dag.Engine', 'Lythonic.Dag.Transport', 'xunit.assert', 'Lythonic.Dag.Transport.Tests' | ForEach-Object { Add-Type -Path (Join-Path $bin "$_.dll") }
$folder = Join-Path ([IO.Path]::GetTempPath()) "lythonic-dag-measure-$PID"
$pwsh = @([Environment]::ProcessPath) + @(if ((Split-Path ([Environment]::ProcessPath) -LeafBase) -ne 'pwsh') { Join-Path $PSHOME 'pwsh.dll' })
sh (Join-Path $PSScriptRoot 'sshd.sh') start $folder 1 @pwsh -sshs -NoLogo -NoProfile
$port = [int]((Get-Content (Join-Path $folder 'ports')) -split ' ')[0]
$options = @{ UserKnownHostsFile = "$folder/known_hosts"; IdentitiesOnly = 'yes'; IdentityAgent = 'none'; StrictHostKeyChecking = 'yes' }
$target = @{ HostName = '127.0.0.1'; Port = $port; UserName = [Environment]::UserName; KeyFilePath = "$folder/user_key"; Options = $options }

function Measure-Median([double[]]$Times) { [Math]::Round(($Times | Sort-Object)[[int][Math]::Floor($Times.Count / 2)], 2) }

function Measure-One([scriptblock]$Script) {
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $null = & $Script
    $clock.Elapsed.TotalMilliseconds
}

$hosted = [Lythonic.Dag.Transport.Tests.Harness.Hosted]
function Connect-Own { $hosted::OpenSsh($folder, $port).GetAwaiter().GetResult() }
function Invoke-Own($Connection, [string]$Text, $Value) { $hosted::Run($Connection, $Text, $Value).GetAwaiter().GetResult() }
function Invoke-Bare($Session, [string]$Text, $Value) {
    $shell = [powershell]::Create()
    $shell.Runspace = $Session.Runspace
    $shell.AddScript($Text).AddParameter('v', $Value).Invoke()
    $shell.Dispose()
}

try {
    $own, $theirs = @(), @()
    foreach ($i in 1..$Opens) {
        $theirs += Measure-One { $script:session = New-PSSession @target; Invoke-Bare $script:session 'param($v) 1' }
        Remove-PSSession $script:session
        $own += Measure-One { $script:connection = Connect-Own; Invoke-Own $script:connection 'param($v) 1' }
        $script:connection.DisposeAsync().AsTask().Wait()
    }
    [pscustomobject]@{ What = 'first call'; Own = Measure-Median $own; Bare = Measure-Median $theirs; InvokeCommand = $null }

    $session, $connection = (New-PSSession @target), (Connect-Own)
    $table = @(foreach ($i in 1..1000) { @{ Name = "item $i"; Size = $i; Tags = 'a', 'b'; Note = 'x' * 60 } })
    foreach ($case in @('a call', 'param($v) 1', $null), @('100 KB of text each way', 'param($v) $v', ('x' * 102400)), @('1000 tables each way', 'param($v) $v', $table)) {
        $what, $text, $value = $case
        $block = [scriptblock]::Create($text)
        $count = if ($null -ne $value) { [int]($Rounds / 10) } else { $Rounds }
        foreach ($warm in 1..5) { $null = Invoke-Own $connection $text $value; $null = Invoke-Bare $session $text $value; $null = Invoke-Command -Session $session $block -ArgumentList (, $value) }
        $a, $b, $c = @(), @(), @()
        foreach ($i in 1..$count) {
            $a += Measure-One { Invoke-Own $connection $text $value }
            $b += Measure-One { Invoke-Bare $session $text $value }
            $c += Measure-One { Invoke-Command -Session $session $block -ArgumentList (, $value) }
        }
        [pscustomobject]@{ What = $what; Own = Measure-Median $a; Bare = Measure-Median $b; InvokeCommand = Measure-Median $c }
    }
}
finally {
    sh (Join-Path $PSScriptRoot 'sshd.sh') stop $folder
    Remove-Item $folder -Recurse -Force
}
