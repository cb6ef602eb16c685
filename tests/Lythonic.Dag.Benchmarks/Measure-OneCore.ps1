<#
.SYNOPSIS
Measures a map of 10,000 elements and a chain of 1,000 nodes, one node at a time, with the module of any build.

.EXAMPLE
taskset -c 0 pwsh -NoProfile -File tests/Lythonic.Dag.Benchmarks/Measure-OneCore.ps1 -Manifest ../other-build/Lythonic.Dag.psd1
#>
param([string]$Manifest = (Join-Path $PSScriptRoot '../../Lythonic.Dag.psd1'), [int]$Rounds = 5, [int]$ThrottleLimit = 1)

$ErrorActionPreference = 'Stop'
Import-Module $Manifest
$folder = [IO.Directory]::CreateTempSubdirectory('lythonic-dag-one-core-').FullName
$map = New-Dag map {
    Add-DagNode list { 1..10000 } -OutputType ([int[]])
    Add-DagNode map -Map { param($x) $x + 1 } -After list
}
$chain = New-Dag chain
$chain | Add-DagNode n0 { 0 } -OutputType ([int])
foreach ($i in 1..999) { $chain | Add-DagNode "n$i" { param([int]$x) $x + 1 } -After "n$($i - 1)" -OutputType ([int]) }

function Measure-Dag($Dag, [int]$Count, [hashtable]$With) {
    $all = foreach ($round in 0..$Rounds) {
        [GC]::Collect()
        $time = [Diagnostics.Stopwatch]::StartNew()
        $run = Invoke-Dag $Dag -ThrottleLimit $ThrottleLimit -ProgressAction Ignore @With
        $took = $time.Elapsed.TotalMicroseconds / $Count
        if ($run.Status -ne 'completed') { throw "The run is $($run.Status)." }
        # The first round is the warm-up.
        if ($round) { $took }
    }
    '{0:n1} µs' -f ($all | Sort-Object)[[int][Math]::Floor($Rounds / 2)]
}

try {
    $kept = @{ DatabasePath = Join-Path $folder 'one.db' }
    $bare = @{ NoProvenance = $true }
    'map {0}, without provenance {1}; chain {2}, without provenance {3}' -f
        (Measure-Dag $map 10000 $kept), (Measure-Dag $map 10000 $bare), (Measure-Dag $chain 1000 $kept), (Measure-Dag $chain 1000 $bare)
}
finally { Remove-Item $folder -Recurse -Force -ErrorAction Ignore }
