BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
}

AfterAll { Restore-TestSession }

Describe 'Remove-DagRun' {
    BeforeEach {
        $db = New-DatabasePath
        $dag = New-Dag p { Add-DagNode a { 1..2 }; Add-DagNode m -Map { $_ } -After a }
        $runs = 1..3 | ForEach-Object { $dag | Invoke-Dag -DatabasePath $db }
        function Get-Left { @(Get-DagRun -DatabasePath $db | ForEach-Object RunId) }
    }

    It 'removes a run by its id, with all its rows and sub-runs, and writes nothing' {
        Remove-DagRun -RunId $runs[0].RunId -DatabasePath $db -Confirm:$false | Should -BeNullOrEmpty
        Get-Left | Should -Be $runs[2].RunId, $runs[1].RunId
        (Invoke-StoreQuery $db 'SELECT count(*) AS n FROM dag_runs').n | Should -Be 6
        foreach ($relation in 'dag_runs', 'node_executions', 'edge_traversals') {
            (Invoke-StoreQuery $db "SELECT count(*) AS n FROM $relation WHERE run_id = :run" @{ run = $runs[0].RunId }).n | Should -Be 0
        }
    }

    It 'takes runs from the pipeline, with their database' {
        Get-DagRun -DatabasePath $db -First 2 | Remove-DagRun -Confirm:$false
        Get-Left | Should -Be $runs[0].RunId
    }

    It 'takes a prefix of an id' {
        Remove-DagRun $runs[1].RunId.Substring(0, 12) -DatabasePath $db -Confirm:$false
        Get-Left | Should -Be $runs[2].RunId, $runs[0].RunId
    }

    It 'keeps the last runs with -KeepLast' {
        Remove-DagRun -KeepLast 1 -DatabasePath $db -Confirm:$false
        Get-Left | Should -Be $runs[2].RunId
    }

    It 'removes every run with -KeepLast 0' {
        Remove-DagRun -KeepLast 0 -DatabasePath $db -Confirm:$false
        Get-Left | Should -BeNullOrEmpty
        foreach ($relation in 'dag_runs', 'node_executions', 'edge_traversals') { (Invoke-StoreQuery $db "SELECT count(*) AS n FROM $relation").n | Should -Be 0 }
    }

    It 'says with -WhatIf on a line of 80 columns which run it is' {
        $null = New-Dag 'a-dag-with-a-long-name-indeed' { Add-DagNode a { throw 'no' } } | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        $said = Invoke-ChildPwsh "Remove-DagRun -KeepLast 2 -DatabasePath '$db' -WhatIf"
        $said | Should -HaveCount 2
        $said[0] | Should -Match "^What if: Remove run $($runs[1].RunId.Substring(0, 8)) of \d+ \w+ \d\d:\d\d: 'p', completed$"
        $said = Invoke-ChildPwsh "Remove-DagRun -KeepLast 0 -DatabasePath '$db' -WhatIf"
        $said[0] | Should -Match "^What if: Remove run \w{8} of .*: 'a-dag-w.*deed', failed$"
        ($said | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        (Get-Left).Count | Should -Be 4
    }

    It 'removes by age with -OlderThan' {
        Remove-DagRun -OlderThan ([timespan]::FromDays(1)) -DatabasePath $db -Confirm:$false
        (Get-Left).Count | Should -Be 3
        Remove-DagRun -OlderThan ([timespan]::Zero) -DatabasePath $db -Confirm:$false
        Get-Left | Should -BeNullOrEmpty
    }

    It 'removes with -OlderThan and -KeepLast what is older and not among the newest' {
        Remove-DagRun -OlderThan ([timespan]::FromDays(1)) -KeepLast 1 -DatabasePath $db -Confirm:$false
        (Get-Left).Count | Should -Be 3
        Remove-DagRun -OlderThan ([timespan]::Zero) -KeepLast 1 -DatabasePath $db -Confirm:$false
        @(Get-Left).Count | Should -Be 1
    }

    It 'refuses an id and an age together' {
        { Remove-DagRun $runs[0].RunId -KeepLast 1 -DatabasePath $db -Confirm:$false } | Should -Throw
        { Remove-DagRun -RunId $runs[0].RunId -OlderThan ([timespan]::Zero) -DatabasePath $db -Confirm:$false } | Should -Throw -ErrorId 'AmbiguousParameterSet*'
        (Get-Left).Count | Should -Be 3
    }

    It 'changes nothing with -WhatIf' {
        Remove-DagRun -KeepLast 0 -DatabasePath $db -WhatIf
        $runs | Remove-DagRun -WhatIf
        (Get-Left).Count | Should -Be 3
    }

    It 'names each run in the plan of -WhatIf' {
        $text = Invoke-ChildPwsh "Remove-DagRun -KeepLast 1 -DatabasePath '$db' -WhatIf"
        "$text" | Should -BeLike "*$($runs[0].RunId.Substring(0, 8))*"
        "$text" | Should -Not -BeLike "*$($runs[2].RunId.Substring(0, 8))*"
    }

    It 'never removes a live run' {
        $gate = Join-Path $TestDrive "$([guid]::NewGuid())"
        $job = New-Dag live { Add-DagNode a { Set-Content "$using:gate.begun" 1; while (-not (Test-Path $using:gate)) { Start-Sleep -Milliseconds 10 }; 'done' } } | Invoke-Dag -DatabasePath $db -AsJob
        try {
            Wait-Until { Test-Path "$gate.begun" }
            $live = Get-DagRun -Status running -DatabasePath $db
            Remove-DagRun -KeepLast 0 -DatabasePath $db -Confirm:$false
            Get-Left | Should -Be $live.RunId
            { $live | Remove-DagRun -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'Dag*'
            Get-Left | Should -Be $live.RunId
            Set-Content $gate 1
            ($job | Wait-Job -Timeout 300 | Receive-Job).Outputs['a'] | Should -Be done
        }
        finally { $job | Remove-Job -Force }
    }

    It 'writes an error for a run that is not there, and removes the others' {
        Remove-DagRun -RunId zzzz, $runs[0].RunId -DatabasePath $db -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'DagRunNotFound*'
        (Get-Left).Count | Should -Be 2
    }

    It 'makes no database' {
        $none = New-DatabasePath
        Remove-DagRun -KeepLast 0 -DatabasePath $none -Confirm:$false
        $none | Should -Not -Exist
    }

    It 'leaves a replay readable whose old run is gone' {
        $replay = $runs[0] | Invoke-DagReplay -Node m
        $runs[0] | Remove-DagRun -Confirm:$false
        $read = Get-DagRun $replay.RunId -DatabasePath $db
        $read.ReplayedFrom | Should -Be $runs[0].RunId
        $read.Outputs['m'] | Should -Be 1, 2
        $read.Nodes[0].Output | Should -Be 1, 2
    }
}
