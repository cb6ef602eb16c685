# Runs the Pester suite, or the files named, on the pinned Pester, and writes its results as NUnit XML. The exit code is 1 when a test failed, or none ran.
#   tests/Pester/Invoke-Tests.ps1 [-Path tests/Pester/New-Dag.Tests.ps1] [-PesterVersion 5.9.1] [-Name '*pattern*']
# With -Queue, a folder of files that each name a test file, it takes one after the other until none is left: several shells share the queue.
param(
    [string[]]$Path = $PSScriptRoot,
    [string]$PesterVersion,
    [string[]]$Name,
    [switch]$RestoreOnly,
    [string]$Queue,
    [string]$ResultPath = (Join-Path $PSScriptRoot '../../artifacts/test-results')
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

# Tests do not expect the escape sequences that a terminal understands.
$env:NO_COLOR = '1'
Import-Module $pester

# Runs the tests of these files. Returns whether all passed and there was at least one.
function Test-Files([string[]]$Files, $Result) {
    $configuration = New-PesterConfiguration
    $configuration.Run.Path = $Files
    $configuration.Run.PassThru = $true
    if ($Name) { $configuration.Filter.FullName = $Name }
    $configuration.TestResult.Enabled = $true
    $configuration.TestResult.OutputFormat = 'NUnitXml'
    $configuration.TestResult.OutputPath = Join-Path $ResultPath "$Result.xml"
    $result = Invoke-Pester -Configuration $configuration
    $result.FailedCount -eq 0 -and $result.FailedContainersCount -eq 0 -and $result.FailedBlocksCount -eq 0 -and $result.PassedCount -gt 0
}

# On the command line of pwsh, a list arrives as one text.
if (-not $Queue) { exit [int](-not (Test-Files ($Path -split ',') 'pester')) }

$sound = $true
while ($next = Get-ChildItem $Queue | Sort-Object Name | Select-Object -First 1) {
    $mine = "$Queue-$($next.Name)"
    # Another shell may have taken it in between.
    try { $next.MoveTo($mine) } catch [IO.IOException] { continue }
    $file = Get-Item (Get-Content $mine)
    $sound = (Test-Files $file.FullName "pester-$($file.BaseName)") -and $sound
}

exit [int](-not $sound)
