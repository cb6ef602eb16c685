BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
    $guide = Get-Content (Join-Path $RepositoryRoot 'docs/testing-pipelines.md') -Raw
    $blocks = [regex]::Matches($guide, '(?ms)^```powershell\r?\n(.*?)^```').ForEach({ $_.Groups[1].Value })

    # The guide's own files, and its tests in a file of their own: those that stand alone are put into a Describe.
    $folder = Join-Path $TestDrive 'guide'
    $null = New-Item $folder -ItemType Directory
    $suite = [Text.StringBuilder]::new()
    foreach ($block in $blocks) {
        if ($block -match '\A#\s*(\S+\.ps1)') { Set-Content (Join-Path $folder $Matches[1]) $block }
        elseif ($block -match '(?m)^\s*Describe\b') { $null = $suite.AppendLine($block) }
        elseif ($block -match '(?m)^It\b') { $null = $suite.AppendLine("Describe guide {`n    BeforeAll { . ./orders.ps1 }`n$block`n}") }
    }

    Set-Content (Join-Path $folder 'Guide.Tests.ps1') $suite.ToString()
    $pester = (Get-Module Pester).Path
    $results = Invoke-ChildPwsh "
        Set-Location '$folder'
        Import-Module '$pester'
        `$configuration = New-PesterConfiguration
        `$configuration.Run.Path = './Guide.Tests.ps1'
        `$configuration.Run.PassThru = `$true
        `$configuration.Output.Verbosity = 'None'
        `$result = Invoke-Pester -Configuration `$configuration
        @{
            Containers = `$result.FailedContainersCount + `$result.FailedBlocksCount
            Tests = @(`$result.Tests | ForEach-Object { @{ Name = `$_.Name; Result = `$_.Result; Error = `"`$(`$_.ErrorRecord)`" } })
        } | ConvertTo-Json -Depth 4 -Compress" | Select-Object -Last 1 | ConvertFrom-Json
}

AfterAll { Restore-TestSession }

Describe 'docs/testing-pipelines.md' {
    It 'is made of blocks that are either a file or tests' {
        Get-ChildItem $folder -Filter *.ps1 | Should -Not -BeNullOrEmpty
        foreach ($block in $blocks) {
            $errors = $null
            $null = [Management.Automation.Language.Parser]::ParseInput($block, [ref]$null, [ref]$errors)
            $errors | Should -BeNullOrEmpty
        }
    }

    It 'has every test of it found by Pester' {
        @($results.Tests).Count | Should -Be ([regex]::Matches($blocks -join "`n", '(?m)^\s*It\s').Count)
        @($results.Tests).Count | Should -BeGreaterOrEqual 4
        $results.Containers | Should -Be 0
    }

    It 'has tests that pass' {
        $results.Tests | Where-Object Result -NE Passed | ForEach-Object { "$($_.Name): $($_.Error)" } | Should -BeNullOrEmpty
    }

    It 'says what -Parameter takes for a node without param()' {
        $guide | Should -Match '`_`'
        New-Dag p { Add-DagNode a { 1 }; Add-DagNode m -Map { $_ + 1 } -After a } | Invoke-DagNode -Name m -Parameter @{ _ = 1..3 } | ForEach-Object { $_ } | Should -Be 2, 3, 4
    }

    It 'says what a mock does to a node in a worker: nothing' {
        $guide | Should -BeLike '*there are no mocks*'
        Mock Get-Culture { 'mocked' }
        function Get-Answer { 42 }
        Mock Get-Answer { 'mocked' }
        $dag = New-Dag m { Add-DagNode command { (Get-Culture).GetType().Name }; Add-DagNode function { Get-Answer } }
        Invoke-DagNode $dag command | Should -Be CultureInfo
        Invoke-DagNode $dag function | Should -Be 42
        Invoke-DagNode $dag function -Inline | Should -Be mocked
    }

    It 'says which error a failed run writes' {
        $guide | Should -BeLike '*DagNodeFailed*'
        { New-Dag p { Add-DagNode a { throw 'no' } } | Invoke-Dag -NoProvenance -ErrorAction Stop } | Should -Throw -ErrorId 'DagNodeFailed*'
    }
}
