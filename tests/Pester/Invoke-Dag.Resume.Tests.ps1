BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
}

AfterAll { Restore-TestSession }

Describe 'Invoke-Dag -Resume' {
    BeforeEach {
        $db = New-DatabasePath
        $mended = Join-Path $TestDrive "$([guid]::NewGuid())"
        $dag = New-Dag night {
            Add-DagNode first { 1 }
            Add-DagNode second { if (-not (Test-Path $using:mended)) { throw 'no' }; 2 } -After first
        }
    }

    It 'begins, then goes on with what failed, then begins anew' {
        $run = $dag | Invoke-Dag -Resume -DatabasePath $db -ErrorAction SilentlyContinue
        $run.Status | Should -Be failed
        Set-Content $mended 1
        $again = $dag | Invoke-Dag -Resume -DatabasePath $db
        "$($again.RunId) $($again.Status)" | Should -Be "$($run.RunId) completed"
        "$($again.Nodes.Attempt)" | Should -Be '1 2'
        ($dag | Invoke-Dag -Resume -DatabasePath $db).RunId | Should -Not -Be $run.RunId
    }

    It 'says with which run it goes on, as Write-Host does, and that is no warning' {
        $run = $dag | Invoke-Dag -Resume -DatabasePath $db -ErrorAction SilentlyContinue -InformationVariable begun
        Set-Content $mended 1
        $null = $dag | Invoke-Dag -Resume -DatabasePath $db -WarningAction Stop -InformationVariable said 6>$null
        "$begun|$said" | Should -Be (
            "|'night' goes on with run {0} of {1}, failed: 1 of 2 nodes done." -f $run.RunId.Substring(0, 8),
            $run.StartedAt.LocalDateTime.ToString('d MMM HH:mm', [cultureinfo]::InvariantCulture))
        $said.Tags | Should -Be PSHOST
    }

    It 'says so with -WhatIf, and runs nothing' {
        $run = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        $dag | Invoke-Dag -Resume -DatabasePath $db -WhatIf -InformationVariable said 6>$null
        "$($said[0])" | Should -BeLike "'night' goes on with run $($run.RunId.Substring(0, 8)) of *, failed: 1 of 2 nodes done."
        "$((Get-DagRun -DatabasePath $db).Status)" | Should -Be failed
    }

    It 'says so in a job' {
        $run = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        Set-Content $mended 1
        $null = $dag | Invoke-Dag -Resume -DatabasePath $db -AsJob | Receive-Job -Wait -AutoRemoveJob -InformationVariable said 6>$null
        "$said" | Should -BeLike "'night' goes on with run $($run.RunId.Substring(0, 8))*"
    }

    It 'warns of source input for a node that does not run again' {
        $dated = New-Dag dated {
            Add-DagNode day { param([string] $Day) $Day }
            Add-DagNode second -After day { if (-not (Test-Path $using:mended)) { throw 'no' }; "$_" }
        }
        $run = $dated | Invoke-Dag @{ Day = 'monday' } -DatabasePath $db -ErrorAction SilentlyContinue
        Set-Content $mended 1
        $again = $dated | Invoke-Dag @{ Day = 'tuesday' } -Resume -DatabasePath $db -WarningVariable warned 3>$null 6>$null
        $again.Outputs['second'] | Should -Be monday
        "$warned" | Should -BeLike "*'day' is completed*Invoke-DagReplay $($run.RunId.Substring(0, 8)) -Node day*"
    }

    It 'warns of the others that could go on, with their number' {
        1..3 | ForEach-Object { $null = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue }
        Set-Content $mended 1
        $null = $dag | Invoke-Dag -Resume -DatabasePath $db -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -BeLike "*2 other runs of 'night' can go on too: Get-DagRun -DagName night -Status failed, *"
        $shows = "$warned" -replace '^.*(?=Get-DagRun)'
        @(Invoke-Expression $shows) | Should -HaveCount 2
    }

    It 'says that there is no run to go on with where a new one lacks its input' {
        $asks = New-Dag asks { Add-DagNode a { param([Parameter(Mandatory)] $Folder) $Folder } }
        { $asks | Invoke-Dag -Resume -DatabasePath $db } | Should -Throw "*There is no run of 'asks' to go on with*" -ErrorId 'DagInputMissing*'
        @(Get-DagRun -DatabasePath $db) | Should -HaveCount 0
    }

    It 'says how to go on where the definition has changed' {
        $run = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        $changed = New-Dag night { Add-DagNode first { 7 }; Add-DagNode second { 2 } -After first }
        { $changed | Invoke-Dag -Resume -DatabasePath $db } | Should -Throw -ErrorId 'DagDefinitionChanged*'
        $Error[0].ErrorDetails.RecommendedAction | Should -BeLike "*Restart-DagRun $($run.RunId.Substring(0, 8)) -Force*without -Resume*Remove-DagRun*"
    }

    It 'needs a database' {
        { $dag | Invoke-Dag -Resume -NoProvenance } | Should -Throw -ErrorId 'DagProvenanceRequired*'
    }
}

Describe 'New-Dag -KeepLast' {
    It 'keeps the newest completed runs of the name, and those that can go on' {
        $db = New-DatabasePath
        $dag = New-Dag night { Add-DagNode a { param([bool] $Fails) if ($Fails) { throw 'no' } } } -KeepLast 2
        $failed = $dag | Invoke-Dag @{ Fails = $true } -DatabasePath $db -ErrorAction SilentlyContinue
        $runs = 1..4 | ForEach-Object { $dag | Invoke-Dag @{ Fails = $false } -DatabasePath $db }
        @(Get-DagRun -DatabasePath $db).RunId | Should -Be @($runs[3].RunId, $runs[2].RunId, $failed.RunId)
    }
}
