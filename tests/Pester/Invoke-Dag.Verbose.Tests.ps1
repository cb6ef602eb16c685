BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
    function Get-Line($Dag, [hashtable]$With = @{}) {
        $Dag | Invoke-Dag @With -Verbose -ErrorAction SilentlyContinue 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] } |
            ForEach-Object { $_.Message -replace '\d+(\.\d+)? (µs|ms|s)\b', 'TIME' }
    }
}

AfterAll { Restore-TestSession }

Describe 'Invoke-Dag -Verbose' {
    BeforeEach { $env:LYTHONIC_DAG_DB = New-DatabasePath }

    It 'says when a node starts, ends, retries, fails and is omitted, and sums up' {
        $dag = New-Dag log {
            Add-DagNode a { 1 }
            Add-DagNode b -After a -RetryCount 1 { if ($DagContext.Attempt -eq 1) { throw 'once' }; 2 }
            Add-DagNode c -After b -If { $false } { 3 }
            Add-DagNode d -After b { throw 'no' }
        }
        $lines = Get-Line $dag @{ ContinueOnFailure = $true }
        $lines | Where-Object { $_ -like '`[a`]*' } | Should -Be '[a] Starts, attempt 1.', '[a] Completed, attempt 1, TIME'
        $lines | Where-Object { $_ -like '`[b`]*' } | Should -Be @(
            '[b] Starts, attempt 1.', '[b] Waits, attempt 2: attempt 1 failed: once', '[b] Starts, attempt 2.', '[b] Completed, attempt 2, TIME')
        $lines | Where-Object { $_ -like '`[c`]*' } | Should -BeLike '`[c`] Omitted, attempt 1*'
        $lines | Where-Object { $_ -like '`[d`]*' } | Should -Be '[d] Starts, attempt 1.', '[d] Failed, attempt 1, TIME: no'
        $lines[-1] | Should -Be '[log] 4 nodes: 2 completed, 1 failed, 1 omitted, TIME'
    }

    It 'says how long a node and an element wait for their next attempt' {
        $once = { if ($DagContext.Attempt -eq 1) { throw 'once' }; 1 }
        $lines = Get-Line (New-Dag log { Add-DagNode l -RetryCount 1 -RetryDelay 0.05 $once; Add-DagNode m -After l -RetryCount 1 -RetryDelay 0.05 -Map $once })
        $lines | Should -Contain '[l] Waits TIME, attempt 2: attempt 1 failed: once'
        $lines | Should -Contain '[m[0]] Waits TIME, attempt 2: attempt 1 failed: once'
    }

    It 'says of elements only what fails, with their path' {
        $dag = New-Dag log { Add-DagNode l { 1..3 }; Add-DagNode m -After l -AllowFailure 1 -Map { param([int]$n) if ($n -eq 2) { throw 'two' }; $n } }
        $lines = Get-Line $dag
        $lines | Where-Object { $_ -like '*`[1`]*' -and $_ -clike '*Failed,*' } | Should -Be '[m[1]] Failed, attempt 1, TIME: two'
        @($lines | Where-Object { $_ -match '\[m\[[02]\]' }) | Should -HaveCount 0
    }

    It 'says from which runs a node, and how many elements of a map, were reused' {
        function New-Log([int]$Count) {
            New-Dag log {
                Add-DagNode l -Parameter @{ Count = $Count } { param($Count) 1..$Count }
                Add-DagNode leaf -Reuse { 'a' }
                Add-DagNode m -After l -Reuse -Map { $_ }
                Add-DagNode two -After l -Reuse -Map (New-Dag two { Add-DagNode x { $_ }; Add-DagNode y -After x { $_ } })
            }
        }
        $first = (New-Log 2 | Invoke-Dag).RunId.Substring(0, 8)
        $second = (New-Log 3 | Invoke-Dag).RunId.Substring(0, 8)
        $lines = Get-Line (New-Log 4)
        $lines | Should -Contain "[leaf] Reused from run $first"
        $lines | Should -Contain "[m] Completed, attempt 1, TIME, reused 3 of 4 elements from run $first, run $second"
        $lines | Should -Contain "[two] Completed, attempt 1, TIME, reused 3 of 4 elements from run $first, run $second"
        Remove-DagRun $first -Confirm:$false
        Get-Line (New-Log 4) | Where-Object { $_ -like '`[m`] Completed*' } |
            Should -BeLike '*reused 4 of 4 elements from runs that were removed, run ????????, run ????????'
    }

    It 'says of a replay what it reuses, and from which run' {
        $run = New-Dag log {
            Add-DagNode l { 1..3 }
            Add-DagNode m -After l -AllowFailure 1 -Map { if ($_ -eq 2 -and -not $env:LOG_MENDED) { throw 'no' }; $_ }
        } | Invoke-Dag -WarningAction Ignore
        $env:LOG_MENDED = 1
        $lines = Invoke-DagReplay $run -FailedOnly -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] } |
            ForEach-Object { $_.Message -replace '\d+(\.\d+)? (µs|ms|s)\b', 'TIME' }
        Remove-Item env:LOG_MENDED
        $id = $run.RunId.Substring(0, 8)
        $lines | Should -Contain "[l] Reused from run $id"
        $lines | Should -Contain "[m] Completed, attempt 1, TIME, reused 2 of 3 elements from run $id"
    }

    It 'says nothing of it without -Verbose' {
        New-Dag log { Add-DagNode a { 1 } } | Invoke-Dag 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] } | Should -BeNullOrEmpty
    }
}
