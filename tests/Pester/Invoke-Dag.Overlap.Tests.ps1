BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')

    # A run of the DAG p that stays in flight until the file is there.
    function Start-HeldRun([string]$Database, [string]$Gate) {
        $job = New-Dag p { Add-DagNode a { while (-not (Test-Path $using:Gate)) { Start-Sleep -Milliseconds 10 } } } | Invoke-Dag -DatabasePath $Database -AsJob
        Wait-Until { "$((Get-DagRun -DatabasePath $Database -First 1).Nodes.Status)" -eq 'running' }
        $job
    }
}

AfterAll { Restore-TestSession }

Describe 'Invoke-Dag -Overlap' {
    BeforeEach {
        $db = New-DatabasePath
        $gate = Join-Path $TestDrive "$([guid]::NewGuid())"
        $dag = New-Dag P { Add-DagNode a { 1 } }
    }

    It 'Refuse begins where no run of the name is live' {
        ($dag | Invoke-Dag -Overlap Refuse -DatabasePath $db).Status | Should -Be completed
        ($dag | Invoke-Dag -Overlap Refuse -DatabasePath $db).Status | Should -Be completed
    }

    It 'Refuse is an error that names the live run, and nothing is stored' {
        $job = Start-HeldRun $db $gate
        try {
            $live = (Get-DagRun -DatabasePath $db).RunId
            { $dag | Invoke-Dag -Overlap Refuse -DatabasePath $db } | Should -Throw -ErrorId 'DagRunOverlaps*' -ExpectedMessage "*$live*"
            { $dag | Invoke-Dag -Overlap Refuse -DatabasePath $db -AsJob } | Should -Throw -ErrorId 'DagRunOverlaps*'
            @(Get-DagRun -DatabasePath $db).Count | Should -Be 1
            $failure = $Error[0]
            "$($failure.CategoryInfo.Category) $($failure.TargetObject)" | Should -Be "ResourceBusy $live"
        }
        finally {
            Set-Content $gate 1
            $job | Wait-Job | Remove-Job
        }
    }

    It 'Allow, the default, begins beside it' {
        $job = Start-HeldRun $db $gate
        ($dag | Invoke-Dag -DatabasePath $db).Status | Should -Be completed
        Set-Content $gate 1
        $job | Wait-Job | Remove-Job
    }

    It 'Wait begins when the live run has ended' {
        $job = Start-HeldRun $db $gate
        $waiting = $dag | Invoke-Dag -Overlap Wait -DatabasePath $db -AsJob
        Wait-Until { (Invoke-StoreQuery $db 'SELECT count(*) AS n FROM run_turn').n -eq 1 }
        @(Get-DagRun -DatabasePath $db).Count | Should -Be 1
        Set-Content $gate 1
        $run = $waiting | Wait-Job | Receive-Job
        $run.Status | Should -Be completed
        $run.StartedAt | Should -BeGreaterOrEqual ($job | Wait-Job | Receive-Job).FinishedAt
        (Invoke-StoreQuery $db 'SELECT count(*) AS n FROM run_turn').n | Should -Be 0
        $job, $waiting | Remove-Job
    }

    It 'Wait begins when the process of the live run is killed, which writes nothing' {
        $child = Start-ChildPwsh "`$null = New-Dag p { Add-DagNode hold { while (`$true) { Start-Sleep -Milliseconds 10 } } } | Invoke-Dag -DatabasePath '$db'"
        try {
            Wait-Until { "$((Get-DagRun -DatabasePath $db).Nodes.Status)" -eq 'running' }
            $waiting = $dag | Invoke-Dag -Overlap Wait -DatabasePath $db -AsJob
            Wait-Until { (Invoke-StoreQuery $db 'SELECT count(*) AS n FROM run_turn').n -eq 1 }
            $child.Kill()
            ($waiting | Wait-Job | Receive-Job).Status | Should -Be completed
            $waiting | Remove-Job
        }
        finally { if (-not $child.HasExited) { $child.Kill() } }
    }

    It 'Wait ends with its job, and leaves nothing' {
        $job = Start-HeldRun $db $gate
        $waiting = $dag | Invoke-Dag -Overlap Wait -DatabasePath $db -AsJob
        Wait-Until { (Invoke-StoreQuery $db 'SELECT count(*) AS n FROM run_turn').n -eq 1 }
        $waiting | Stop-Job
        $waiting.State | Should -Be Stopped
        $waiting | Receive-Job | Should -BeNullOrEmpty
        (Invoke-StoreQuery $db 'SELECT (SELECT count(*) FROM run_turn) + (SELECT count(*) FROM run) AS n').n | Should -Be 1
        Set-Content $gate 1
        $job, $waiting | Wait-Job | Remove-Job
    }

    It 'Wait ends with its pipeline, and leaves nothing' {
        $job = Start-HeldRun $db $gate
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$ModulePath'; New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag -Overlap Wait -DatabasePath '$db'; 'went on'")
        try {
            $invocation = $shell.BeginInvoke()
            Wait-Until { (Invoke-StoreQuery $db 'SELECT count(*) AS n FROM run_turn').n -eq 1 }
            $shell.Stop()
            $shell.InvocationStateInfo.State | Should -Be Stopped
            Wait-Until { (Invoke-StoreQuery $db 'SELECT count(*) AS n FROM run_turn').n -eq 0 }
            @(Get-DagRun -DatabasePath $db).Count | Should -Be 1
        }
        finally {
            $shell.Dispose()
            Set-Content $gate 1
            $job | Wait-Job | Remove-Job
        }
    }

    It '<_> needs a database' -ForEach 'Refuse', 'Wait' {
        { $dag | Invoke-Dag -Overlap $_ -NoProvenance } | Should -Throw -ErrorId 'DagProvenanceRequired*'
    }
}
