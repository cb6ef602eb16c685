# Runs the Pester suite, every *.Tests.ps1 of this folder, and writes its results as NUnit XML. The exit code is 1 when a test failed, or none ran.
param([string]$ResultPath = (Join-Path $PSScriptRoot '../../artifacts/test-results/pester.xml'))

$ErrorActionPreference = 'Stop'
Import-Module Pester -MinimumVersion 5.0
$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.PassThru = $true
$configuration.TestResult.Enabled = $true
$configuration.TestResult.OutputFormat = 'NUnitXml'
$configuration.TestResult.OutputPath = $ResultPath
$result = Invoke-Pester -Configuration $configuration
exit [int]($result.FailedCount -gt 0 -or $result.FailedContainersCount -gt 0 -or $result.FailedBlocksCount -gt 0 -or $result.PassedCount -eq 0)
