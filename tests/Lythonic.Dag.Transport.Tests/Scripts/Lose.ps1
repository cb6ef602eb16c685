# Loses a host five times under a call, each time by killing one part of the connection, and says how each call ended.
param([string]$Kind, [string]$Victim, [string]$Folder, [int]$Port)

$ErrorActionPreference = 'Stop'
$bin = Split-Path $PSScriptRoot
'Lythonic.Dag.Engine', 'Lythonic.Dag.Transport', 'xunit.assert', 'Lythonic.Dag.Transport.Tests' | ForEach-Object { Add-Type -Path (Join-Path $bin "$_.dll") }
$rounds = [Lythonic.Dag.Transport.Tests.Losses.LossRounds]
foreach ($round in 1..2) { $rounds::RunAsync($Kind, $Victim, $Folder, $Port).GetAwaiter().GetResult() }
# A fault on a thread of the transport would end this process within this time.
[Threading.Thread]::Sleep(500)
'The caller lives.'
