# Builds, tests and installs the module. Tasks: Build (default), Test, Install.
param([ValidateSet('Build', 'Test', 'Install')] [string]$Task = 'Build', [string]$Configuration = 'Release')

$ErrorActionPreference = 'Stop'
if (-not (Get-Command dotnet -ErrorAction Ignore)) { throw 'The .NET SDK 10 is needed: dotnet is not on the path.' }

function Invoke-Build {
    dotnet build $PSScriptRoot --configuration $Configuration
    if ($LASTEXITCODE) { throw "dotnet build failed with exit code $LASTEXITCODE." }
}

switch ($Task) {
    Build { Invoke-Build }
    Test {
        dotnet test $PSScriptRoot --configuration $Configuration
        if ($LASTEXITCODE) { throw "dotnet test failed with exit code $LASTEXITCODE." }
        if (-not (Get-Module Pester -ListAvailable | Where-Object Version -GE '5.0')) { throw 'Pester 5 is needed for the Pester suite: Install-Module Pester.' }
        & (Join-Path $PSScriptRoot 'tests/Pester/Invoke-Tests.ps1')
        if ($LASTEXITCODE) { throw 'The Pester suite failed.' }
    }
    Install {
        Invoke-Build
        $version = (Import-PowerShellDataFile (Join-Path $PSScriptRoot 'Lythonic.Dag.psd1')).ModuleVersion
        $target = Join-Path ($env:PSModulePath -split [IO.Path]::PathSeparator)[0] "Lythonic.Dag/$version"
        $null = New-Item $target -ItemType Directory -Force
        Copy-Item (Join-Path $PSScriptRoot 'Lythonic.Dag.psd1'), (Join-Path $PSScriptRoot 'lib'), (Join-Path $PSScriptRoot 'LICENSE') $target -Recurse -Force
        "Installed to $target"
    }
}
