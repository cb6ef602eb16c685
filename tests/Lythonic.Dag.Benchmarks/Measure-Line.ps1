<#
.SYNOPSIS
Measures what one object costs in one of the four ways of docs/parallel.md, in this process.

.DESCRIPTION
The block is trivial, and each way has its own default for how many blocks run at once. Without -Rounds the line runs once, and what its module takes to load is
in the time: run it in a new pwsh. With -Rounds the line runs once as a warm-up, and each further round is measured. The loop shows what the caller would pay
without any of them.

.EXAMPLE
pwsh -NoProfile -File tests/Lythonic.Dag.Benchmarks/Measure-Line.ps1 ForEach-Object 1000 -Rounds 3
#>
param(
    [Parameter(Mandatory)] [ValidateSet('ForEach-Object', 'Start-ThreadJob', 'Invoke-Parallel', 'Invoke-DagMap', 'loop')] [string]$Way,
    [Parameter(Mandatory)] [int]$Count,
    [int]$Rounds,
    # PSParallelPipeline, where it is not in $env:PSModulePath.
    [string]$ModulePath = 'PSParallelPipeline',
    [switch]$NoProvenance
)

$ErrorActionPreference = 'Stop'
# A database of its own, so that no round finds what others left.
$database = Join-Path ([IO.Directory]::CreateTempSubdirectory('lythonic-dag-line-').FullName) 'line.db'
$manifest = Join-Path $PSScriptRoot '../../Lythonic.Dag.psd1'
$kept = if ($NoProvenance) { @{ NoProvenance = $true } } else { @{ DatabasePath = $database } }

$line = switch ($Way) {
    'ForEach-Object' { { 1..$Count | ForEach-Object -Parallel { $_ + 1 } } }
    'Start-ThreadJob' { { $(foreach ($object in 1..$Count) { Start-ThreadJob { $using:object + 1 } }) | Receive-Job -Wait -AutoRemoveJob } }
    'Invoke-Parallel' { { 1..$Count | Invoke-Parallel { $_ + 1 } } }
    'Invoke-DagMap' { { 1..$Count | Invoke-DagMap { $_ + 1 } @kept } }
    'loop' { { 1..$Count | ForEach-Object { $_ + 1 } } }
}

function Measure-Once([switch]$Loads) {
    [GC]::Collect()
    $time = [Diagnostics.Stopwatch]::StartNew()
    if ($Loads -and $Way -eq 'Invoke-Parallel') { Import-Module $ModulePath }
    if ($Loads -and $Way -eq 'Invoke-DagMap') { Import-Module $manifest }
    $results = @(& $line)
    $took = $time.Elapsed.TotalMilliseconds
    if ($results.Count -ne $Count) { throw "$($results.Count) of $Count objects came back." }
    $took
}

try {
    $first = Measure-Once -Loads
    $all = if ($Rounds) { 1..$Rounds | ForEach-Object { Measure-Once } } else { $first }
    $median = @($all | Sort-Object)[[Math]::Floor(@($all).Count / 2)]
    '{0}, {1:n0} objects, {2}: {3:n1} µs each, {4:n0} ms in all, {5:n0} MB at the most' -f $Way, $Count, ($Rounds ? "warm, $Rounds rounds" : 'new session'),
        ($median * 1000 / $Count), $median, ([Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64 / 1MB)
}
finally { Remove-Item (Split-Path $database) -Recurse -Force -ErrorAction Ignore }
