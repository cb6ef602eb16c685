# Compares farms with one host, with Invoke-Command, and with workers of this process, in turns. Run by the PowerShell that is to be measured:
#   pwsh -NoProfile -File tests/Hosts/Measure-Farm.ps1 [-Rounds 5] [-Part farm, elements, loss]
# The first and the last part need sshd (see sshd.sh); the module has to be built.
param([int]$Rounds = 5, [string]$Part = 'farm, elements, loss', [int]$Elements = 2000)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../../Lythonic.Dag.psd1')
$folder = Join-Path ([IO.Path]::GetTempPath()) "lythonic-dag-measure-$PID"
$env:LYTHONIC_DAG_DB = "$folder.db"
$pwsh = @([Environment]::ProcessPath) + @(if ((Split-Path ([Environment]::ProcessPath) -LeafBase) -ne 'pwsh') { Join-Path $PSHOME 'pwsh.dll' })
$parts = $Part -split ',\s*'

function Measure-Median([double[]]$Times) { [Math]::Round(($Times | Sort-Object)[[int][Math]::Floor($Times.Count / 2)], 2) }

function Measure-One([scriptblock]$Script) {
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $null = & $Script
    $clock.Elapsed.TotalMilliseconds
}

# Makes a map of that many elements that take that long.
function New-Farm([int]$Count, [int]$Milliseconds, [hashtable]$With) {
    New-Dag farm {
        Add-DagNode numbers ([scriptblock]::Create("1..$Count"))
        Add-DagNode work -After numbers -Map { if ($using:Milliseconds) { [Threading.Thread]::Sleep($using:Milliseconds) }; $_ } @With
    }
}

function Invoke-Farm($Dag, [int]$Count) {
    $run = Invoke-Dag $Dag
    if ($run.Outputs['work'].Count -ne $Count) { throw "The run is $($run.Status): $($run.Error)" }
}

function Write-Figure([string]$What, [double[]]$Own, [double[]]$Peer, [string]$PeerName) {
    $ratios = for ($i = 0; $i -lt $Own.Count; $i++) { $Own[$i] / $Peer[$i] }
    [pscustomobject]@{ What = $What; Own = Measure-Median $Own; Peer = Measure-Median $Peer; Ratio = Measure-Median $ratios; PeerName = $PeerName }
}

function Measure-Elements {
    $process = @{ On = New-DagHost -Command ($pwsh + '-s', '-NoLogo', '-NoProfile') -Slots 2 -Name process -ConnectTimeout 120 }
    # With a limit of the number of slots, each element is sent alone.
    $ways = @{ several = $process; alone = $process + @{ ThrottleLimit = 2 }; here = @{ ThrottleLimit = 2 } }
    foreach ($milliseconds in 0, 5, 20) {
        $times = @{ several = @(); alone = @(); here = @() }
        foreach ($round in 0..$Rounds) {
            foreach ($way in 'alone', 'several', 'here') {
                $dag = New-Farm $Elements $milliseconds $ways[$way]
                $time = Measure-One { Invoke-Farm $dag $Elements }
                # The first round opens the connections, so it does not count.
                if ($round) { $times[$way] += $time }
            }
        }
        Write-Figure "$Elements elements of $milliseconds ms, two slots" $times.several $times.alone 'one a call'
        Write-Figure "$Elements elements of $milliseconds ms, two slots" $times.several $times.here 'two workers here'
    }
}

function Measure-Farm($Targets) {
    $farm = $Targets | ForEach-Object { New-DagHost @_ -ConnectTimeout 120 }
    $sessions = $Targets | ForEach-Object { New-PSSession @_ }
    $one, $four = (New-Farm 200 50 @{ On = $farm[0] }), (New-Farm 200 50 @{ On = $farm })
    $own, $single, $theirs = @(), @(), @()
    foreach ($round in 0..$Rounds) {
        $time = Measure-One { Invoke-Farm $four 200 }
        if ($round) {
            $own += $time
            $single += Measure-One { Invoke-Farm $one 200 }
            $theirs += Measure-One { foreach ($i in 1..50) { Invoke-Command -Session $sessions { [Threading.Thread]::Sleep(50); 1 } } }
        }
    }
    $sessions | Remove-PSSession
    Write-Figure '200 elements of 50 ms, four hosts' $single $own 'the other way round: one host by four'
    Write-Figure '200 elements of 50 ms, four hosts' $own $theirs 'Invoke-Command over all, 50 times'
}

function Measure-Loss($Target) {
    $lost = New-DagHost @Target -ConnectTimeout 120
    $times = foreach ($round in 1..$Rounds) {
        $file = "$folder-$round"
        $job = New-Dag lost { Add-DagNode a -On $lost { Set-Content $using:file $PID; [Threading.Thread]::Sleep(-1) } } | Invoke-Dag -AsJob
        while (-not ((Test-Path $file) -and ($id = Get-Content $file))) { Start-Sleep -Milliseconds 20 }
        $killed = [DateTimeOffset]::UtcNow
        kill -KILL $id
        $run = $job | Wait-Job | Receive-Job -ErrorAction SilentlyContinue
        Remove-Item $file
        ($run.FinishedAt - $killed).TotalMilliseconds
    }
    [pscustomobject]@{ What = 'a loss to its recorded failure, ms'; Own = Measure-Median $times; Peer = $null; Ratio = $null; PeerName = 'at most 1000' }
}

try {
    if ($parts -contains 'elements') { Measure-Elements }
    if ($parts -contains 'farm' -or $parts -contains 'loss') {
        sh (Join-Path $PSScriptRoot 'sshd.sh') start $folder 4 @pwsh -sshs -NoLogo -NoProfile
        $options = @{ UserKnownHostsFile = "$folder/known_hosts"; IdentitiesOnly = 'yes'; IdentityAgent = 'none'; StrictHostKeyChecking = 'yes' }
        $targets = Get-Content (Join-Path $folder 'ports') | ForEach-Object {
            @{ HostName = '127.0.0.1'; Port = [int]($_ -split ' ')[0]; UserName = [Environment]::UserName; KeyFilePath = "$folder/user_key"; Options = $options }
        }
        if ($parts -contains 'farm') { Measure-Farm $targets }
        if ($parts -contains 'loss') { Measure-Loss $targets[0] }
    }
}
finally {
    if (Test-Path $folder) { sh (Join-Path $PSScriptRoot 'sshd.sh') stop $folder }
    Remove-Item "$folder*" -Recurse -Force -ErrorAction Ignore
}
