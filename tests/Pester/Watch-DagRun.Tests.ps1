BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')

    # The lines without the time that each begins with.
    function Get-Line { process { "$_".Substring(9) } }
}

AfterAll { Restore-TestSession }

Describe 'Watch-DagRun' {
    BeforeEach { $db = New-DatabasePath }

    It 'writes a line for each change of a run of another process, as the change comes, and the run in the end' {
        $gate = Join-Path $TestDrive "$([guid]::NewGuid())"
        $process = Start-ChildPwsh "
            New-Dag nightly {
                Add-DagNode fetch { while (-not (Test-Path '$gate')) { Start-Sleep -Milliseconds 20 }; Write-Warning 'slow'; 1..3 }
                Add-DagNode parse -After fetch -AllowFailure 1 -Map { if (`$_ -eq 2) { throw 'no date' }; `$_ }
                Add-DagNode report -After parse { 'done' }
            } | Invoke-Dag -DatabasePath '$db'"
        try {
            Wait-Until { Get-DagRun -Status running -DatabasePath $db }
            # The gate opens when the line has come, so the line must come while the run is in progress.
            $seen = Watch-DagRun -Plain -PassThru -DatabasePath $db 6>&1 | ForEach-Object { if ("$_" -match 'fetch: running') { Set-Content $gate 1 }; $_ }
            $run = $seen[-1]
            $lines = $seen | Select-Object -SkipLast 1 | Get-Line
            $lines[0] | Should -Match "^nightly: run $($run.RunId), begun at .*process $($process.Id) "
            $lines -match '^fetch: completed, ' | Should -HaveCount 1
            $lines | Should -Contain 'fetch: warning: slow'
            $lines -match '^parse\[1\]: failed: .*no date' | Should -HaveCount 1
            $lines -match '^parse: completed, 3 of 3 done, 1 of them failed' | Should -HaveCount 1
            $lines[-1] | Should -Match '^nightly: completed, 1 error, '
            "$($run.Status)" | Should -Be completed
        }
        finally { if (-not $process.HasExited) { $process.Kill() } }
    }

    It 'shows a run that has ended once, with how it goes on' {
        $paused = New-Dag p { Add-DagNode a { $DagContext.Pause('enough') } } | Invoke-Dag -DatabasePath $db
        $lines = $paused | Watch-DagRun -Plain 6>&1
        ($lines | Get-Line) -match '^a: paused' | Should -HaveCount 1
        "$($lines[-1])" | Should -Be "Go on: Restart-DagRun $($paused.RunId.Substring(0, 8)) -DatabasePath '$db'"
        $paused | Watch-DagRun -Plain 6>$null | Should -BeNullOrEmpty
    }

    It 'says that no run is running, and makes no database' {
        Watch-DagRun -DatabasePath $db -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'DagRunNotFound*'
        "$($problem[0])" | Should -BeLike '*No run is running*'
        $db | Should -Not -Exist
    }
}
