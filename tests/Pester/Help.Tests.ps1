BeforeDiscovery {
    $root = Join-Path $PSScriptRoot '../..'
    Import-Module (Join-Path $root 'Lythonic.Dag.psd1') -Force
    $platyPS = Get-Module Microsoft.PowerShell.PlatyPS -ListAvailable | Where-Object Version -GE '1.0'
    $cmdlets = (Get-Command -Module Lythonic.Dag).Name
    $pages = @(Get-ChildItem (Join-Path $root 'docs/en-US') -Filter *-*.md) + (Get-Item (Join-Path $root 'docs/about_Lythonic.Dag.md'))
    $guides = (Get-ChildItem (Join-Path $root 'docs') -Filter about_*.md).BaseName
}

Describe 'Help' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestSession.ps1')

        function Get-Example($Page) { [regex]::Matches((Get-Content $Page -Raw), '(?s)```powershell\r?\n(.*?)\r?\n```\s*```Output\r?\n(.*?)\r?\n```') }

        # One process runs the examples of all pages, each with a scope and a database of its own.
        function Invoke-Examples($Pages) {
            $script = "`$PSStyle.OutputRendering = 'PlainText'; Import-Module '$ModulePath'"
            foreach ($page in $Pages) {
                $script += "`n[Console]::Out.WriteLine('=== $($page.BaseName)')"
                $number = 0
                foreach ($example in Get-Example $page) {
                    $number++
                    $script += "`n`$env:LYTHONIC_DAG_DB = '$(Join-Path $TestDrive "$($page.BaseName)-$number.db")'; [Console]::Out.WriteLine('--- $number'); & {`n$($example.Groups[1].Value)`n} | Out-Default"
                }
            }
            $file = Join-Path $TestDrive 'examples.ps1'
            Set-Content $file $script
            $temp = 'TMPDIR', 'TMP' | ForEach-Object { @{ Name = $_; Value = [Environment]::GetEnvironmentVariable($_) } }
            try {
                $temp | ForEach-Object { [Environment]::SetEnvironmentVariable($_.Name, $TestDrive) }
                (& $PwshPath @PwshArguments -NoProfile -NonInteractive -File $file 2>&1 | ForEach-Object { "$_".TrimEnd() }) -join "`n"
            }
            finally {
                $temp | ForEach-Object { [Environment]::SetEnvironmentVariable($_.Name, $_.Value) }
            }
        }
    }

    AfterAll { Restore-TestSession }

    It 'of <_> has a text for everything, and three examples' -ForEach $cmdlets {
        $help = Get-Help $_ -Full
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.Synopsis | Should -Not -BeLike "*$_*"
        $help.description.Text | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterOrEqual 3
        $help.examples.example | ForEach-Object { $_.code | Should -Not -BeNullOrEmpty }
        $help.parameters.parameter | ForEach-Object { $_.description.Text | Should -Not -BeNullOrEmpty -Because "-$($_.name) is described" }
        $help.returnValues.returnValue | Should -Not -BeNullOrEmpty
        ($help | Out-String) | Should -Not -BeLike '*{{*'
    }

    It 'has the guide' {
        Get-Help about_Lythonic.Dag | Should -BeLike '*Sessions and scopes*'
    }

    It 'lists the guide <_> with what it is about' -ForEach $guides {
        $short = (Get-Content (Join-Path $RepositoryRoot "docs/$_.md"))[4]
        (Get-Help "$_*" | Where-Object Name -EQ $_ | Select-Object -First 1).Synopsis | Should -Be $short
    }

    It 'has the guide <_>, which a terminal of 80 columns shows without breaking its lines' -ForEach $guides {
        $lines = (Get-Help $_) -split '\r?\n'
        $lines.Count | Should -BeGreaterThan 50
        $lines | Where-Object Length -GT 80 | Should -BeNullOrEmpty
    }

    Context 'examples' -ForEach @{ AllPages = $pages } {
        BeforeAll {
            $shown = @{}
            foreach ($part in (Invoke-Examples $AllPages) -split '(?m)^=== ' | Select-Object -Skip 1) {
                $name, $lines = $part -split "`n", 2
                $shown[$name] = $lines
            }
            # Run ids and times are new each time; a table has empty lines around it.
            $clean = { $args[0] -replace '\b\d\d:\d\d:\d\d\b', '<time>' -replace '\b\d+(\.\d+)? ([µm]s|s)\b', '<took>' -replace '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', '<run id>' -replace '\b[0-9a-f]{8}\b', '<run>' -replace "`r" -replace '\n{2,}', "`n" }
        }

        It 'of <_.BaseName> write in pwsh what the page says' -ForEach $pages {
            $examples = Get-Example $_
            $examples.Count | Should -BeGreaterThan 2
            [regex]::Matches((Get-Content $_ -Raw), '(?m)^```powershell').Count | Should -Be $examples.Count -Because 'every example says what it writes'
            $expected = foreach ($i in 1..$examples.Count) { "--- $i`n$($examples[$i - 1].Groups[2].Value)" }
            (& $clean $shown[$_.BaseName]).TrimEnd() | Should -Be (& $clean ($expected -join "`n")).TrimEnd()
        }
    }
}

# PlatyPS is the one module that the suite does not bring: it makes the committed help, and is not needed to use it.
Describe 'Help, where Microsoft.PowerShell.PlatyPS 1.0 is installed' -Skip:(-not $platyPS) {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestSession.ps1')
        Import-Module Microsoft.PowerShell.PlatyPS -MinimumVersion 1.0
    }

    AfterAll { Restore-TestSession }

    It 'has pages in its format' -TestCases @{ Pages = $pages | Where-Object Name -NotLike 'about_*' } {
        $Pages | Where-Object { -not (Test-MarkdownCommandHelp $_.FullName) } | Should -BeNullOrEmpty
    }

    It 'is the committed help, made from the pages as they are' {
        $made = Join-Path $TestDrive 'help'
        & $PwshPath @PwshArguments -NoProfile -File (Join-Path $RepositoryRoot 'build.ps1') Docs -OutputPath $TestDrive -HelpPath $made | Should -BeLike "*$made"
        foreach ($file in (Get-ChildItem $made).Name) {
            (Get-Content (Join-Path $made $file) -Raw) -replace "`r" | Should -Be ((Get-Content (Join-Path $RepositoryRoot "en-US/$file") -Raw) -replace "`r") -Because 'build.ps1 Docs makes it again'
        }
    }
}
