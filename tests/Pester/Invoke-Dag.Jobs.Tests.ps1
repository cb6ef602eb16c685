BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')

    # What a child process that has ended wrote to its standard output.
    function Get-ChildOutput($Process) {
        # This process writes the file. It has the last line only when the output has ended, for which a wait with a limit does not wait.
        $Process.WaitForExit()
        Get-Content $Process.OutputPath -Raw
    }
}

AfterAll { Restore-TestSession }

Describe 'A run that is stopped' {
    BeforeEach { $db = New-DatabasePath }

    It 'ends when Select-Object has enough' {
        $dag = New-Dag p { Add-DagNode a { Write-Information one; while ($true) { Start-Sleep -Milliseconds 10 } } -Timeout 600 }
        $first = $dag | Invoke-Dag -DatabasePath $db -InformationAction Continue 6>&1 | Select-Object -First 1
        "$first" | Should -Be one
        Wait-Until { "$((Get-DagRun -DatabasePath $db).Status)" -eq 'cancelled' }
    }

    It 'goes on with the script after Select-Object -First has its run' {
        $ran = New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $db | Select-Object -First 1
        $ran.Status | Should -Be completed
    }

    It 'is cancelled when its pipeline is stopped, and nothing of it executes after' {
        $gate = Join-Path $TestDrive "$([guid]::NewGuid())"
        $shell = [powershell]::Create()
        $null = $shell.AddScript("
            Import-Module '$ModulePath'
            New-Dag p { Add-DagNode a { Set-Content '$gate' 1; while (`$true) { Start-Sleep -Milliseconds 10 } }; Add-DagNode b { 1 } -After a } | Invoke-Dag -DatabasePath '$db'")
        try {
            $null = $shell.BeginInvoke()
            Wait-Until { Test-Path $gate }
            $shell.Stop()
            Wait-Until { "$((Get-DagRun -DatabasePath $db).Status)" -eq 'cancelled' }
            "$((Get-DagRun -DatabasePath $db).Nodes | Where-Object Label -EQ a | ForEach-Object Status)" | Should -Be cancelled
        }
        finally { $shell.Dispose() }
    }
}

Describe 'A node that cannot be stopped' {
    # Each sleeps for ever: a process that waited for it would never end.
    It 'does not keep its process alive, <Name>' -ForEach @(
        @{ Name = 'as a scriptblock that timed out'; Node = 'Add-DagNode a { [Threading.Thread]::Sleep(-1) } -Timeout 0.2'; Options = '-ErrorAction SilentlyContinue'; Status = 'failed' }
        @{ Name = 'as a method that timed out'; Node = "Add-DagNode a -Method 'System.Threading.Thread::Sleep' -Parameter @{ millisecondsTimeout = -1 } -Timeout 0.2"; Options = '-ErrorAction SilentlyContinue'; Status = 'failed' }
        @{ Name = 'in a job that the script leaves behind'; Node = 'Add-DagNode a { [Threading.Thread]::Sleep(-1) }'; Options = '-AsJob'; Status = 'cancelled' }
    ) {
        $db = New-DatabasePath
        $process = Start-ChildPwsh "`$null = New-Dag p { $Node } | Invoke-Dag -DatabasePath '$db' $Options; while (-not (Get-DagRun -DatabasePath '$db').Nodes) { Start-Sleep -Milliseconds 10 }"
        try {
            $process.WaitForExit(300000) | Should -BeTrue
            "$((Get-DagRun -DatabasePath $db).Status)" | Should -Be $Status
        }
        finally { if (-not $process.HasExited) { $process.Kill() } }
    }
}

# Windows has no signal that one process sends another as Ctrl+C.
Describe 'A run of a process that is interrupted' -Skip:$IsWindows {
    It 'is cancelled by Ctrl+C and says how to go on, with <Waits>' -ForEach @{ Waits = 'while ($true) { Start-Sleep -Milliseconds 10 }' }, @{ Waits = '[Threading.Thread]::Sleep(-1)' } {
        $db = New-DatabasePath
        $gate = Join-Path $TestDrive "$([guid]::NewGuid())"
        $process = Start-ChildPwsh "New-Dag p { Add-DagNode a { Set-Content '$gate' 1; $Waits } } | Invoke-Dag -DatabasePath '$db'"
        try {
            Wait-Until { Test-Path $gate }
            & kill -INT $process.Id
            $process.WaitForExit(300000) | Should -BeTrue
            $run = Get-DagRun -DatabasePath $db
            $run.Status | Should -Be cancelled
            Get-ChildOutput $process | Should -BeLike "*The run of 'p' was stopped, 0 of 1 nodes done. Go on with: Restart-DagRun $($run.RunId.Substring(0, 8)) -DatabasePath '$db'*"
        }
        finally { if (-not $process.HasExited) { $process.Kill() } }
    }

    # With a slot for each object, all of the input would have come, and a restart could go on.
    It 'says how a map goes on, and nothing of a run that is not kept: <Line>' -ForEach @(
        @{ Line = '1..3 | Invoke-DagMap { wait } -ThrottleLimit 1 -Reuse'; Said = "*The run ???????? of 'map' was stopped, 0 elements done. Run the same line again*" }
        @{ Line = '1..3 | Invoke-DagMap { wait } -ThrottleLimit 1'; Said = "*The run ???????? of 'map' was stopped, 0 elements done. It had no -Reuse, so the same line runs everything again. With -Reuse*" }
        @{ Line = '1..3 | Invoke-DagMap { wait } -ThrottleLimit 1 -NoProvenance'; Said = $null }
        @{ Line = 'New-Dag p { Add-DagNode a { wait } } | Invoke-Dag -NoProvenance'; Said = $null }
    ) {
        $gate = Join-Path $TestDrive "$([guid]::NewGuid())"
        $process = Start-ChildPwsh "`$env:LYTHONIC_DAG_DB = '$(New-DatabasePath)'; function wait { Set-Content '$gate' 1; while (`$true) { Start-Sleep -Milliseconds 10 } }; $Line"
        try {
            Wait-Until { Test-Path $gate }
            & kill -INT $process.Id
            $process.WaitForExit(300000) | Should -BeTrue
            Get-ChildOutput $process | Should -BeLike $Said
        }
        finally { if (-not $process.HasExited) { $process.Kill() } }
    }
}

Describe 'Closing nodes of a process that is interrupted' -Skip:$IsWindows {
    BeforeEach {
        $db = New-DatabasePath
        $gate = Join-Path $TestDrive "$([guid]::NewGuid())"
        $definition = { param($Bye) "New-Dag p { Add-DagNode a { Set-Content '$gate' 1; while (`$true) { Start-Sleep -Milliseconds 10 } }; Add-DagNode bye { $Bye } -After a -When Always; Add-DagNode mail { 1 } -After a -When Failed } | Invoke-Dag -DatabasePath '$db'" }
    }

    It 'run after Ctrl+C, know what happened, and write to the host and to Messages' {
        $process = Start-ChildPwsh (& $definition 'Write-Host "by host"; Write-Warning "by warning"; $DagContext.Upstreams.a.Status')
        try {
            Wait-Until { Test-Path $gate }
            & kill -INT $process.Id
            $process.WaitForExit(300000) | Should -BeTrue
        }
        finally { if (-not $process.HasExited) { $process.Kill() } }

        $run = Get-DagRun -DatabasePath $db
        $run.Status | Should -Be cancelled
        $run.Nodes.Status | Should -Be cancelled, completed, cancelled
        $run.Nodes['bye'].Output | Should -Be cancelled
        $run.Nodes['bye'].Messages.Text | Should -Be 'by host', 'by warning'
        Get-ChildOutput $process | Should -BeLike "*by host*[[]bye] by warning*"
    }

    It 'end at a second Ctrl+C' {
        $process = Start-ChildPwsh (& $definition "Set-Content '$gate.bye' 1; [Threading.Thread]::Sleep(-1)")
        try {
            Wait-Until { Test-Path $gate }
            & kill -INT $process.Id
            Wait-Until { Test-Path "$gate.bye" }
            & kill -INT $process.Id
            $process.WaitForExit(300000) | Should -BeTrue
        }
        finally { if (-not $process.HasExited) { $process.Kill() } }

        (Get-DagRun -DatabasePath $db).Nodes.Status | Should -Be cancelled, cancelled, cancelled
    }
}

Describe 'A run as a job' {
    BeforeEach {
        $db = New-DatabasePath
        $gate = Join-Path $TestDrive "$([guid]::NewGuid())"
        $waiting = New-Dag waiting { Add-DagNode a { Set-Content "$using:gate.begun" 1; while (-not (Test-Path $using:gate)) { Start-Sleep -Milliseconds 10 }; 'through' } }
    }

    AfterEach { Get-Job | Where-Object PSJobTypeName -EQ DagJob | Remove-Job -Force }

    It 'is found by Get-Job, waited for, received once and removed' {
        $job = New-Dag p { Add-DagNode a { 5 } } | Invoke-Dag -DatabasePath $db -AsJob
        $job | Should -BeOfType ([Management.Automation.Job])
        (Get-Job -Id $job.Id).InstanceId | Should -Be $job.InstanceId
        ($job | Wait-Job -Timeout 300).State | Should -Be Completed
        ($job | Receive-Job).Outputs['a'] | Should -Be 5
        $job.HasMoreData | Should -BeFalse
        $job | Receive-Job | Should -BeNullOrEmpty
        $job | Remove-Job
        Get-Job -Id $job.Id -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'is stopped when its closing nodes have ended' {
        $job = New-Dag p {
            Add-DagNode a { Set-Content "$using:gate.begun" 1; while ($true) { Start-Sleep -Milliseconds 10 } }
            Add-DagNode bye { Write-Warning 'bye'; 'closed' } -After a -When Always
        } | Invoke-Dag -DatabasePath $db -AsJob
        Wait-Until { Test-Path "$gate.begun" }
        $job | Stop-Job
        "$($job.State)" | Should -Be Stopped
        (Get-DagRun -DatabasePath $db).Nodes['bye'].Output | Should -Be closed
        $job.Warning.Message | Should -Be '[bye] bye'
    }

    It 'is stopped with its closing nodes by a second stop' {
        $job = New-Dag p {
            Add-DagNode a { Set-Content "$using:gate.begun" 1; while ($true) { Start-Sleep -Milliseconds 10 } }
            Add-DagNode bye { Set-Content "$using:gate.bye" 1; while ($true) { Start-Sleep -Milliseconds 10 } } -After a -When Always -Timeout 3600
        } | Invoke-Dag -DatabasePath $db -AsJob
        Wait-Until { Test-Path "$gate.begun" }
        $first = Start-ThreadJob { ($using:job).StopJob() }
        Wait-Until { Test-Path "$gate.bye" }
        "$($job.State)" | Should -Be Stopping
        $job | Stop-Job
        "$($job.State)" | Should -Be Stopped
        $first | Wait-Job | Remove-Job
        (Get-DagRun -DatabasePath $db).Nodes.Status | Should -Be cancelled, cancelled
    }

    It 'runs while the caller goes on' {
        $job = $waiting | Invoke-Dag -DatabasePath $db -AsJob
        Wait-Until { Test-Path "$gate.begun" }
        "$($job.State)" | Should -Be Running
        "$((Get-DagRun -DatabasePath $db).Status)" | Should -Be running
        Set-Content $gate 1
        ($job | Wait-Job -Timeout 300 | Receive-Job).Outputs['a'] | Should -Be through
    }

    It 'keeps its state when it is stopped after its end' {
        $job = New-Dag p { Add-DagNode a { 5 } } | Invoke-Dag -DatabasePath $db -AsJob | Wait-Job -Timeout 300
        $job.StopJob()
        "$($job.State)" | Should -Be Completed
    }

    It 'is cancelled by Stop-Job' {
        $job = $waiting | Invoke-Dag -DatabasePath $db -AsJob
        Wait-Until { Test-Path "$gate.begun" }
        $job | Stop-Job
        "$($job.State)" | Should -Be Stopped
        "$((Get-DagRun -DatabasePath $db).Status)" | Should -Be cancelled
        (New-Dag after { Add-DagNode a { 1 } } | Invoke-Dag -NoProvenance).Status | Should -Be completed
    }

    It 'is cancelled by Remove-Job -Force' {
        $job = $waiting | Invoke-Dag -DatabasePath $db -AsJob
        Wait-Until { Test-Path "$gate.begun" }
        $job | Remove-Job -Force
        Wait-Until { "$((Get-DagRun -DatabasePath $db).Status)" -eq 'cancelled' }
    }

    It 'is Failed when a node failed, and gives the run and its error' {
        $job = New-Dag p { Add-DagNode a { throw 'no' } } | Invoke-Dag -DatabasePath $db -AsJob
        "$(($job | Wait-Job -Timeout 300).State)" | Should -Be Failed
        $run = $job | Receive-Job -ErrorAction SilentlyContinue -ErrorVariable problem
        "$($run.Status)" | Should -Be failed
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'DagNodeFailed*'
    }

    It 'gives the warnings of its nodes to Receive-Job' {
        $job = New-Dag p { Add-DagNode a { Write-Warning careful } } | Invoke-Dag -NoProvenance -AsJob
        $null = $job | Wait-Job -Timeout 300 | Receive-Job -WarningVariable said -WarningAction SilentlyContinue
        $said.Message | Should -Be '[a] careful'
    }

    It 'refuses bad input, and makes no database' {
        { New-Dag p { Add-DagNode a { param([Parameter(Mandatory)]$x) $x } } | Invoke-Dag -DatabasePath $db -AsJob | Receive-Job -Wait -ErrorAction Stop } |
            Should -Throw -ErrorId 'DagInputMissing*'
        $db | Should -Not -Exist
        Get-Job | Where-Object PSJobTypeName -EQ DagJob | Should -BeNullOrEmpty
    }

    It 'keeps what -Keep leaves, and is removed by -AutoRemoveJob' {
        $job = New-Dag p { Add-DagNode a { 5 } } | Invoke-Dag -NoProvenance -AsJob
        $null = $job | Wait-Job -Timeout 300
        ($job | Receive-Job -Keep).Outputs['a'] | Should -Be 5
        ($job | Receive-Job -Wait -AutoRemoveJob).Outputs['a'] | Should -Be 5
        Get-Job -Id $job.Id -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'runs beside others on one database' {
        $jobs = 1..4 | ForEach-Object { New-Dag "job$_" { Add-DagNode a { 1..20 }; Add-DagNode m -Map { $_ * 2 } -After a } | Invoke-Dag -DatabasePath $db -AsJob }
        $runs = $jobs | Wait-Job -Timeout 300 | Receive-Job
        $runs.Count | Should -Be 4
        $runs | ForEach-Object { "$($_.Status)" } | Should -Be completed, completed, completed, completed
        (Get-DagRun -DatabasePath $db).Count | Should -Be 4
    }
}
