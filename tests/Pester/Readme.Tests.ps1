BeforeDiscovery {
    $readme = Get-Content (Join-Path $PSScriptRoot '../../README.md') -Raw
    # A block of PowerShell with a bare block right after it: the example, and what it prints.
    $examples = [regex]::Matches($readme, '(?ms)^```powershell\r?\n((?:(?!^```).)*)^```\r?\n\s*^```\r?\n(.*?)^```') | ForEach-Object {
        @{ Title = ($_.Groups[1].Value -split "`n")[0].Trim(); Code = $_.Groups[1].Value; Printed = $_.Groups[2].Value }
    }
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
    $readme = Get-Content (Join-Path $RepositoryRoot 'README.md') -Raw
}

AfterAll { Restore-TestSession }

Describe 'The README' {
    BeforeEach {
        # Relative paths of .NET methods are those of the process, whatever the location.
        $processDirectory = [Environment]::CurrentDirectory
        [Environment]::CurrentDirectory = $RepositoryRoot
        Push-Location $RepositoryRoot
    }

    AfterEach {
        Pop-Location
        [Environment]::CurrentDirectory = $processDirectory
    }

    It 'has examples with what they print' -TestCases @{ Count = @($examples).Count } {
        $Count | Should -BeGreaterOrEqual 2
    }

    It 'prints what it says: <Title>' -ForEach $examples {
        $written = & ([scriptblock]::Create($Code)) 3>&1 | ForEach-Object { $_ -is [Management.Automation.WarningRecord] ? "WARNING: $_" : $_ }
        # Run ids differ from run to run, and the tests have a database of their own.
        $clean = { $args[0] -replace '\b[0-9a-f]{8}\b', '<run>' -replace " -DatabasePath '[^']+'" -replace '\s+\z' -split '\r?\n' }
        & $clean ($written | Out-String -Width 200) | Should -Be (& $clean $Printed)
    }

    It 'draws a run of its first example' -TestCases $examples[0] {
        # Run ids and times differ from run to run.
        $shape = { $args[0] -replace 'run [0-9a-f-]{36}', 'run <id>' -replace '\d+(\.\d+)? (µs|ms|s)\b', '<time>' -replace '\s+\z' -split '\r?\n' }
        $drawn = [regex]::Match($readme, '(?ms)^```mermaid\r?\n(.*?)^```').Groups[1].Value
        . ([scriptblock]::Create($Code)) | Out-Null
        & $shape ($run | Export-Dag | Out-String) | Should -Be (& $shape $drawn)
    }

    It 'names cmdlets that there are' {
        $named = [regex]::Matches($readme, '\b(?:New|Add|Connect|Test|Invoke|Restart|Get|Export|Suspend|Remove)-Dag\w*').Value | Sort-Object -Unique
        $named.Count | Should -BeGreaterThan 8
        foreach ($name in $named) { (Get-Command $name -Module Lythonic.Dag).Name | Should -Be $name }
    }

    It 'names every cmdlet of the module' {
        foreach ($name in (Get-Command -Module Lythonic.Dag).Name) { $readme | Should -BeLike "*$name*" }
    }

    It 'names files that there are' {
        $links = [regex]::Matches($readme, '\]\((?!https?:)([^)#\s]+)').ForEach({ $_.Groups[1].Value }) | Sort-Object -Unique
        $links.Count | Should -BeGreaterThan 3
        foreach ($link in $links) { Join-Path $RepositoryRoot $link | Should -Exist }
    }
}

Describe 'The examples' {
    It 'word-count.ps1 counts words' {
        $folder = New-Item (Join-Path $TestDrive words) -ItemType Directory
        Set-Content (Join-Path $folder a.md) 'the cat and the dog'
        Set-Content (Join-Path $folder b.md) 'The end'
        $printed = & (Join-Path $RepositoryRoot 'docs/examples/word-count.ps1') $folder -Top 2 -DatabasePath (New-DatabasePath)
        $printed[0] | Should -Be '      3  the'
        $printed[1] | Should -Be '      1  and'
        $printed[-1] | Should -BeLike '2 files, run * completed in *s'
    }

    It 'check-links.ps1 finds links that lead nowhere, and ends with 1' {
        $folder = New-Item (Join-Path $TestDrive links) -ItemType Directory
        Set-Content (Join-Path $folder a.md) '[here](b.md), [there](none.md) and [far](https://example.test)'
        Set-Content (Join-Path $folder b.md) '[back](a.md#top)'
        $printed = & $PwshPath @PwshArguments -NoProfile -NonInteractive -Command "Import-Module '$ModulePath'; & '$RepositoryRoot/docs/examples/check-links.ps1' '$folder'; exit `$LASTEXITCODE"
        $LASTEXITCODE | Should -Be 1
        $printed[0] | Should -BeLike '*a.md:1: none.md leads nowhere'
        $printed[1] | Should -BeLike '*b.md:1: a.md#top leads nowhere'
        $printed[-1] | Should -Be '2 files, 2 broken links'
    }

    It 'check-links.ps1 finds the anchors that headings have, and no others' {
        $folder = New-Item (Join-Path $TestDrive anchors) -ItemType Directory
        Set-Content (Join-Path $folder a.md) '# One `thing`', '[here](#one-thing)', '[there](#another-thing)'
        $printed = @(& (Join-Path $RepositoryRoot 'docs/examples/check-links.ps1') $folder -DatabasePath (New-DatabasePath))
        $printed.Count | Should -Be 2
        $printed[0] | Should -BeLike '*a.md:3: #another-thing leads nowhere'
    }

    It 'check-links.ps1 finds none in this repository' {
        & (Join-Path $RepositoryRoot 'docs/examples/check-links.ps1') $RepositoryRoot | Should -BeLike '* files, 0 broken links'
    }
}
