BeforeDiscovery {
    $page = Get-Content (Join-Path $PSScriptRoot '../../docs/parallel.md') -Raw
    # A heading, its lines, and what they print.
    $examples = [regex]::Matches($page, '(?ms)^## ([^\r\n]+)\r?\n\s*^```powershell\r?\n((?:(?!^```).)*)^```\r?\n\s*^```\r?\n(.*?)^```') | ForEach-Object {
        $line = $_.Groups[2].Value
        $command = [regex]::Match($line, 'Start-ThreadJob|Invoke-Parallel|Invoke-DagMap|ForEach-Object -Parallel').Value
        @{
            Title = $_.Groups[1].Value; Code = $line; Printed = $_.Groups[3].Value; Command = $command
            # Modules that do not come with PowerShell, or not with each of its builds.
            IsThere = [bool](Get-Command ($command -split ' ')[0] -ErrorAction Ignore) -or $command -eq 'Invoke-DagMap'
        }
    }
}

BeforeAll { . (Join-Path $PSScriptRoot 'TestSession.ps1') }

AfterAll { Restore-TestSession }

Describe 'docs/parallel.md' {
    It 'has an example of each way' -TestCases @{ Commands = @($examples.Command) } {
        $Commands | Should -Be 'ForEach-Object -Parallel', 'Start-ThreadJob', 'Invoke-Parallel', 'Invoke-DagMap'
    }

    It 'has four examples of as many lines' -TestCases @{ Lengths = @($examples.ForEach({ ($_.Code -split '\r?\n').Count })) } {
        ($Lengths | Measure-Object -Maximum).Maximum - ($Lengths | Measure-Object -Minimum).Minimum | Should -BeLessOrEqual 1
    }

    It 'prints what it says: <Title>' -ForEach $examples {
        if (-not $IsThere) { Set-ItResult -Skipped -Because "there is no $Command here"; return }
        $folder = (New-Item (Join-Path $TestDrive $Title) -ItemType Directory).FullName
        Set-Content (Join-Path $folder sizes.ps1) $Code -NoNewline
        $printed = Invoke-ChildPwsh "`$ErrorActionPreference = 'Continue'; `$env:LYTHONIC_DAG_DB = '$(New-DatabasePath)'; & '$(Join-Path $folder sizes.ps1)'"
        $clean = { "$($args[0] -join "`n")" -replace '\e\[[0-9;]*m' -replace [regex]::Escape($folder + [IO.Path]::DirectorySeparatorChar) -replace '\s+\z' -split '\r?\n' }
        & $clean $printed | Should -Be (& $clean $Printed)
    }
}
