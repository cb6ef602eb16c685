BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
}

AfterAll { Restore-TestSession }

Describe 'Suspend-DagRun' {
    BeforeEach {
        $db = New-DatabasePath
        $gate = Join-Path $TestDrive "$([guid]::NewGuid())"
        # There are far more elements than can run before the request is seen. Then the gate opens, and the others take no time.
        $definition = "
            New-Dag long {
                Add-DagNode a { 1..3000 }
                Add-DagNode m -After a -ThrottleLimit 1 -Map { if (-not [IO.File]::Exists('$gate')) { Set-Content '$gate.begun' 1; Start-Sleep -Milliseconds 10 }; `$_ * 2 }
                Add-DagNode sum { param([int[]]`$n) (`$n | Measure-Object -Sum).Sum } -After m
            }"
        $dag = & ([scriptblock]::Create($definition))
    }

    AfterEach { Get-Job | Where-Object PSJobTypeName -EQ DagJob | Remove-Job -Force }

    It 'pauses a run of this session, which then goes on where it was' {
        $job = $dag | Invoke-Dag -DatabasePath $db -AsJob
        Wait-Until { Test-Path "$gate.begun" }
        Get-DagRun -Status running -DatabasePath $db | Suspend-DagRun | Should -BeNullOrEmpty
        $run = $job | Wait-Job -Timeout 300 | Receive-Job -ErrorVariable problem
        "$($run.Status)" | Should -Be paused
        $problem | Should -BeNullOrEmpty
        ($run.Nodes | Where-Object Label -EQ sum | Where-Object Status -EQ completed) | Should -BeNullOrEmpty
        "$((Get-DagRun -Status paused -DatabasePath $db).RunId)" | Should -Be $run.RunId
        Set-Content $gate 1
        ($run | Restart-DagRun).Outputs['sum'] | Should -Be 9003000
        (Invoke-StoreQuery $db "SELECT count(*) AS n FROM dag_runs WHERE dag_nsref LIKE 'long/m%'").n | Should -Be 3000
    }

    It 'pauses a run of another process' {
        $process = Start-ChildPwsh "(($definition) | Invoke-Dag -DatabasePath '$db').Status"
        try {
            Wait-Until { Test-Path "$gate.begun" }
            Suspend-DagRun (Get-DagRun -DatabasePath $db).RunId -DatabasePath $db
            $process.WaitForExit(300000) | Should -BeTrue
            $process.ExitCode | Should -Be 0
            "$((Get-DagRun -DatabasePath $db).Status)" | Should -Be paused
            Set-Content $gate 1
            (Get-DagRun -DatabasePath $db | Restart-DagRun).Outputs['sum'] | Should -Be 9003000
        }
        finally { if (-not $process.HasExited) { $process.Kill() } }
    }

    It 'takes a prefix of the id' {
        $job = $dag | Invoke-Dag -DatabasePath $db -AsJob
        Wait-Until { Test-Path "$gate.begun" }
        Suspend-DagRun -RunId (Get-DagRun -DatabasePath $db).RunId.Substring(0, 12) -DatabasePath $db
        "$(($job | Wait-Job -Timeout 300 | Receive-Job).Status)" | Should -Be paused
    }

    It 'lets a node in flight finish' {
        $dag = New-Dag flight {
            Add-DagNode list { 1..3000 }
            Add-DagNode each -After list -ThrottleLimit 1 -Map { Start-Sleep -Milliseconds 10 }
            Add-DagNode slow { Set-Content "$using:gate.begun" 1; while (-not (Test-Path $using:gate)) { Start-Sleep -Milliseconds 10 }; 'finished' }
        }
        $job = $dag | Invoke-Dag -DatabasePath $db -AsJob -ThrottleLimit 2
        Wait-Until { Test-Path "$gate.begun" }
        Get-DagRun -DatabasePath $db | Suspend-DagRun
        Set-Content $gate 1
        $run = $job | Wait-Job -Timeout 300 | Receive-Job
        "$($run.Status)" | Should -Be paused
        ($run.Nodes | Where-Object Label -EQ slow).Output | Should -Be finished
    }

    It 'writes an error for a run that is not there, and makes no database' {
        Suspend-DagRun 12345678 -DatabasePath $db -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'DagRunNotFound*'
        $db | Should -Not -Exist
    }

    It 'leaves a run that has ended as it is' {
        $done = New-Dag done { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $db
        $done | Suspend-DagRun -ErrorAction SilentlyContinue
        "$((Get-DagRun -DatabasePath $db).Status)" | Should -Be completed
    }

    It 'does not pause the restart of a run that was suspended after it had ended' {
        $failed = New-Dag once { Add-DagNode a { if ($DagContext.Attempt -eq 1) { throw 'no' }; 1 }; Add-DagNode b { param($a) 2 } -After a } | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        $failed | Suspend-DagRun -ErrorAction SilentlyContinue
        "$(($failed | Restart-DagRun).Status)" | Should -Be completed
    }
}
