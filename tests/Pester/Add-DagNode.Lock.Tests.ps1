BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')

    # A job whose node holds the lock until the file is there.
    function Start-Holder([string]$Database, [string]$Gate, [string]$Lock = 'license') {
        $job = New-Dag holder { Add-DagNode hold { while (-not (Test-Path $using:Gate)) { Start-Sleep -Milliseconds 10 } } -Lock $Lock } | Invoke-Dag -DatabasePath $Database -AsJob
        Wait-Until { "$((Get-DagRun -DagName holder -DatabasePath $Database).Nodes.Status)" -match 'running' }
        $job
    }
}

AfterAll { Restore-TestSession }

Describe 'Add-DagNode -Lock' {
    BeforeEach {
        $db = New-DatabasePath
        $gate = Join-Path $TestDrive "$([guid]::NewGuid())"
    }

    It 'keeps a node of another process waiting, which says for what' {
        $job = Start-Holder $db $gate
        $child = Start-ChildPwsh "`$null = New-Dag other { Add-DagNode a { 1 } -Lock other, LICENSE } | Invoke-Dag -DatabasePath '$db'"
        try {
            Wait-Until { "$((Get-DagRun -DagName other -DatabasePath $db).Nodes.Status)" -eq 'waiting' }
            (Get-DagRun -DagName other -DatabasePath $db).Nodes[0].Error | Should -Be "Waits for the locks 'other', 'LICENSE'."
            Set-Content $gate 1
            $child.WaitForExit(300000) | Should -BeTrue
            $held = (Get-DagRun -DagName holder -DatabasePath $db).Nodes[0]
            $node = (Get-DagRun -DagName other -DatabasePath $db).Nodes[0]
            $node.Status | Should -Be completed
            $node.StartedAt | Should -BeGreaterOrEqual $held.FinishedAt
        }
        finally {
            if (-not $child.HasExited) { $child.Kill() }
            Set-Content $gate 1
            $job | Wait-Job | Remove-Job
        }
    }

    It 'is free at once when the process that has it is killed' {
        $child = Start-ChildPwsh "`$null = New-Dag holder { Add-DagNode hold { while (`$true) { Start-Sleep -Milliseconds 10 } } -Lock license } | Invoke-Dag -DatabasePath '$db'"
        try {
            Wait-Until { "$((Get-DagRun -DatabasePath $db).Nodes.Status)" -eq 'running' }
            $job = New-Dag other { Add-DagNode a { 1 } -Lock license } | Invoke-Dag -DatabasePath $db -AsJob
            Wait-Until { "$((Get-DagRun -DagName other -DatabasePath $db).Nodes.Status)" -eq 'waiting' }
            $child.Kill()
            ($job | Wait-Job | Receive-Job).Status | Should -Be completed
            $job | Remove-Job
        }
        finally { if (-not $child.HasExited) { $child.Kill() } }
    }

    It 'is taken by Invoke-DagNode too' {
        $inside = Join-Path $TestDrive "$([guid]::NewGuid())"
        $shell = [powershell]::Create()
        $null = $shell.AddScript("
            Import-Module '$ModulePath'
            New-Dag alone { Add-DagNode a { Set-Content '$inside' 1; while (-not (Test-Path '$gate')) { Start-Sleep -Milliseconds 10 } } -Lock license } | Invoke-DagNode a")
        try {
            $null = $shell.BeginInvoke()
            Wait-Until { Test-Path $inside }
            $job = New-Dag other { Add-DagNode b { 1 } -Lock license } | Invoke-Dag -DatabasePath $db -AsJob
            Wait-Until { "$((Get-DagRun -DagName other -DatabasePath $db).Nodes.Status)" -eq 'waiting' }
            Set-Content $gate 1
            ($job | Wait-Job | Receive-Job).Status | Should -Be completed
            $job | Remove-Job
        }
        finally {
            Set-Content $gate 1
            $shell.Dispose()
        }
    }

    It 'of another database is another lock' {
        $job = Start-Holder $db $gate
        (New-Dag other { Add-DagNode a { 1 } -Lock license } | Invoke-Dag -DatabasePath (New-DatabasePath)).Status | Should -Be completed
        Set-Content $gate 1
        $job | Wait-Job | Remove-Job
    }

    It 'of a map runs its elements one at a time' {
        $dag = New-Dag p {
            Add-DagNode list { 1..4 }
            Add-DagNode each -Map { $start = [datetime]::UtcNow; Start-Sleep -Milliseconds 20; , @($start, [datetime]::UtcNow) } -After list -Lock license -ThrottleLimit 4
        }
        $spans = ($dag | Invoke-Dag -NoProvenance -ThrottleLimit 4).Outputs.each | Sort-Object { $_[0] }
        1..3 | ForEach-Object { $spans[$_][0] | Should -BeGreaterOrEqual $spans[$_ - 1][1] }
    }

    It 'inside a node that holds locks may name no other' {
        $sub = New-Dag sub { Add-DagNode x { $_ } -Lock b }
        { New-Dag p { Add-DagNode list { 1 }; Add-DagNode each -Map $sub -After list -Lock a } } | Should -Throw -ErrorId 'DagLockNested*'
    }

    It 'needs a name' {
        { New-Dag p { Add-DagNode a { 1 } -Lock ' ' } } | Should -Throw -ErrorId 'DagNameInvalid*'
    }
}
