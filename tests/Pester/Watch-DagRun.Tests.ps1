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

    It 'leaves no message and no error out, however many, at any depth' {
        $inner = New-Dag inner { Add-DagNode list { param($x) 1, 2 }; Add-DagNode deep -Map { Write-Warning "deep $_"; $_ } -After list }
        $run = New-Dag many {
            Add-DagNode list { 1..450 }
            Add-DagNode each -Map { param($x) Write-Warning "w $x"; if ($x % 3 -eq 0) { throw "bad $x" }; $x } -After list -AllowFailure 200
            Add-DagNode few { 7, 8 }
            Add-DagNode nested -Map $inner -After few
            Add-DagNode calls -Map (New-Dag outer { Add-DagNode s { $_ }; Add-DagNode c -Call $inner -After s }) -After few
        } | Invoke-Dag -WarningAction SilentlyContinue -ErrorAction SilentlyContinue
        $lines = Watch-DagRun $run.RunId -Plain 6>&1 | ForEach-Object { "$_" }
        $lines -match ' each\[\d+\]: warning: w \d+$' | Sort-Object -Unique | Should -HaveCount 450
        $lines -match ' each\[\d+\]: failed: bad \d+' | Sort-Object -Unique | Should -HaveCount 150
        $lines -match ' nested\[\d\]/deep\[\d\]: warning: deep \d$' | Sort-Object -Unique | Should -HaveCount 4
        $lines -match ' calls\[\d\]/c/deep\[\d\]: warning: deep \d$' | Sort-Object -Unique | Should -HaveCount 4
        $lines -match 'more error' | Should -BeNullOrEmpty
    }

    It 'says that no run is running, and makes no database' {
        Watch-DagRun -DatabasePath $db -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'DagRunNotFound*'
        "$($problem[0])" | Should -BeLike '*No run is running*'
        $db | Should -Not -Exist
    }
}
