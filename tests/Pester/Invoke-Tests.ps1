# Runs the Pester suite, or the files named, on the pinned Pester, and writes its results as NUnit XML. The exit code is 1 when a test failed, or none ran.
#   tests/Pester/Invoke-Tests.ps1 [-Path tests/Pester/New-Dag.Tests.ps1] [-PesterVersion 5.9.1] [-Name '*pattern*']
param(
    [string[]]$Path = $PSScriptRoot,
    [string]$PesterVersion,
    [string[]]$Name,
    [switch]$RestoreOnly,
    [string]$ResultPath = (Join-Path $PSScriptRoot '../../artifacts/test-results/pester.xml')
)

$ErrorActionPreference = 'Stop'
$root = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..'))
$pinned = ([xml](Get-Content (Join-Path $root 'Directory.Packages.props') -Raw)).Project.PropertyGroup.PesterVersions -split ';'
if (-not $PesterVersion) { $PesterVersion = $pinned[0] }
if ($PesterVersion -notin $pinned) { throw "Pester $PesterVersion is not pinned in Directory.Packages.props; these are: $($pinned -join ', ')." }
$pester = Join-Path $root "artifacts/modules/Pester/$PesterVersion/Pester.psd1"
if (-not (Test-Path $pester)) {
    dotnet build (Join-Path $PSScriptRoot 'Pester.proj') --verbosity quiet -nologo -consoleLoggerParameters:NoSummary
    if ($LASTEXITCODE) { throw "Pester $PesterVersion was not restored." }
}

if ($RestoreOnly) { exit 0 }

# What a terminal understands is no part of what a test expects.
$env:NO_COLOR = '1'
Import-Module $pester
$configuration = New-PesterConfiguration
# From the command line of pwsh, a list is one text.
$configuration.Run.Path = $Path -split ','
$configuration.Run.PassThru = $true
if ($Name) { $configuration.Filter.FullName = $Name }
$configuration.TestResult.Enabled = $true
$configuration.TestResult.OutputFormat = 'NUnitXml'
$configuration.TestResult.OutputPath = $ResultPath
$result = Invoke-Pester -Configuration $configuration
exit [int]($result.FailedCount -gt 0 -or $result.FailedContainersCount -gt 0 -or $result.FailedBlocksCount -gt 0 -or $result.PassedCount -eq 0)
