<#
.SYNOPSIS
Measures what Watch-DagRun in another process costs the run that it watches, as lines (-Plain) or with its screen.

.DESCRIPTION
A run is a map of -Count elements that sleep for -Milliseconds or do nothing. Runs that are watched and runs that are not take turns, and each ratio is that of a
pair. The watcher is a process that is there in each round. The screen needs tmux, which gives it a terminal of 100 columns and 40 lines.

.EXAMPLE
pwsh -NoProfile -File tests/Lythonic.Dag.Benchmarks/Measure-Watch.ps1 -Screen
#>
param([int]$Pairs = 9, [int]$Count = 100000, [int]$Milliseconds, [switch]$Screen)

$ErrorActionPreference = 'Stop'
$manifest = (Resolve-Path (Join-Path $PSScriptRoot '../../Lythonic.Dag.psd1')).Path
Import-Module $manifest
$folder = [IO.Directory]::CreateTempSubdirectory('lythonic-dag-watched-').FullName
$database = Join-Path $folder 'watched.db'
$wish = Join-Path $folder 'watch'
$seen = Join-Path $folder 'seen'
$code = $Milliseconds ? "param(`$x) [Threading.Thread]::Sleep($Milliseconds); `$x + 1" : 'param($x) $x + 1'
$dag = New-Dag watched {
    Add-DagNode list { param([int]$n) 1..$n } -OutputType ([int[]])
    Add-DagNode map -Map ([scriptblock]::Create($code)) -After list
}

# The watcher looks for a run as long as it is asked to, and writes when it has found one and when it has seen it end.
$watcher = Join-Path $folder 'watcher.ps1'
@"
`$PID > '$folder/pid'
Import-Module '$manifest'
while (-not [IO.File]::Exists('$folder/end')) {
    if ([IO.File]::Exists('$wish') -and (`$run = Get-DagRun -Status running -First 1 -DatabasePath '$database')) {
        Watch-DagRun `$run.RunId -DatabasePath '$database'$($Screen ? '' : " -Plain *>> '$folder/lines'")
        'x' >> '$seen'
    }
    [Threading.Thread]::Sleep(10)
}
"@ | Set-Content $watcher

$pwsh = @([Environment]::ProcessPath) + @(if ((Split-Path ([Environment]::ProcessPath) -LeafBase) -ne 'pwsh') { Join-Path $PSHOME 'pwsh.dll' })
$start = $pwsh + '-NoProfile', '-File', $watcher

function Invoke-Round([bool]$IsWatched) {
    if ($IsWatched) { $null = New-Item $wish -Force } else { Remove-Item $wish -ErrorAction Ignore }
    $before = Get-Seen
    $processor = (Get-Process -Id $id).TotalProcessorTime
    [GC]::Collect()
    $time = [Diagnostics.Stopwatch]::StartNew()
    $run = Invoke-Dag $dag -SourceInput @{ n = $Count } -DatabasePath $database -ProgressAction Ignore
    $took = $time.Elapsed.TotalMilliseconds
    if ($run.Outputs['map'].Count -ne $Count) { throw "The run is $($run.Status)." }
    $share = ((Get-Process -Id $id).TotalProcessorTime - $processor).TotalMilliseconds / $took
    if ($IsWatched) {
        # A run counts as watched only if the watcher saw it.
        $deadline = [datetime]::UtcNow.AddSeconds(60)
        while ((Get-Seen) -eq $before) { if ([datetime]::UtcNow -gt $deadline) { throw 'The watcher saw no run.' }; Start-Sleep -Milliseconds 20 }
    }
    @{ Took = $took; Share = $share }
}

function Get-Seen { if (Test-Path $seen) { @(Get-Content $seen).Count } else { 0 } }

function Get-Median([double[]]$Values) { ($Values | Sort-Object)[[int][Math]::Floor($Values.Count / 2)] }

try {
    if ($Screen) { tmux -L "watch-$PID" new-session -d -x 100 -y 40 ($start.ForEach({ "'$_'" }) -join ' ') }
    else { $null = Start-Process $start[0] $start[1..9] -PassThru }
    while (-not (Test-Path "$folder/pid")) { Start-Sleep -Milliseconds 50 }
    Start-Sleep -Seconds 2
    $id = [int](Get-Content "$folder/pid")
    $null = Invoke-Round $false
    $null = Invoke-Round $true
    $pairsMade = foreach ($pair in 1..$Pairs) {
        # The two take turns in being first in a pair, because the database grows.
        if ($pair % 2) { $watched = Invoke-Round $true; $alone = Invoke-Round $false } else { $alone = Invoke-Round $false; $watched = Invoke-Round $true }
        @{ Watched = $watched.Took; Alone = $alone.Took; Ratio = $watched.Took / $alone.Took; Share = $watched.Share }
    }
    '{0}, {1:n0} elements of {2} ms, {3} pairs: watched {4:n0} ms, not watched {5:n0} ms, {6:+0.0;-0.0} % ({7:+0.0;-0.0} to {8:+0.0;-0.0}), the watcher {9:0.0} % of one processor' -f
        ($Screen ? 'screen' : 'plain'), $Count, $Milliseconds, $Pairs, (Get-Median $pairsMade.Watched), (Get-Median $pairsMade.Alone), (((Get-Median $pairsMade.Ratio) - 1) * 100),
        ((($pairsMade.Ratio | Measure-Object -Minimum).Minimum - 1) * 100), ((($pairsMade.Ratio | Measure-Object -Maximum).Maximum - 1) * 100), ((Get-Median $pairsMade.Share) * 100)
}
finally {
    $null = New-Item "$folder/end" -Force
    if ($id) { Wait-Process -Id $id -Timeout 30 -ErrorAction Ignore }
    Remove-Item $folder -Recurse -Force -ErrorAction Ignore
}
